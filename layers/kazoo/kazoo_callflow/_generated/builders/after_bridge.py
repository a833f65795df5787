"""The `after_bridge` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def after_bridge(
    action: Literal["park", "transfer", "hangup"] | None = None,
    *,
    data: bool | str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Decides what happens to the caller when the other side of a later bridge hangs up.

    Fields:
      action: Park, transfer or hang up.
      data: The extension to transfer to.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "after_bridge",
        {
            "action": action,
            "data": data,
            "skip_module": skip_module,
        },
        unknown,
    )
