"""The `noop` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def noop(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Waits until everything queued before it has been played.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    KAZOO 5 only.
    """
    return build(
        "noop",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
