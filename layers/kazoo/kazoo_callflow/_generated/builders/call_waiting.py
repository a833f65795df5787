"""The `call_waiting` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def call_waiting(
    action: Literal["activate", "deactivate", "toggle"] | None = None,
    *,
    scope: Literal["device", "user"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: turns call waiting on or off.

    Fields:
      action: What is done. (KAZOO fills in 'toggle')
      scope: Whether it holds for the device or for its owner. (KAZOO fills in 'device')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "call_waiting",
        {
            "action": action,
            "scope": scope,
            "skip_module": skip_module,
        },
        unknown,
    )
