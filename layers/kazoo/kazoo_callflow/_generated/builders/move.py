"""The `move` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def move(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: moves the user's active call to this phone.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "move",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
