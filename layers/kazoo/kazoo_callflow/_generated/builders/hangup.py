"""The `hangup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def hangup(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Hangs up once the sound already queued has been heard.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "hangup",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
