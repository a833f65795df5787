"""The `wait_for_hangup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def wait_for_hangup(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Keeps the call up in silence until someone hangs up.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    KAZOO 5 only.
    """
    return build(
        "wait_for_hangup",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
