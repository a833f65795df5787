"""The `call_waiting` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def call_waiting(
    *,
    action: Literal["activate", "deactivate", "toggle"] | None = None,
    scope: Literal["device", "user"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      action:  (KAZOO fills in 'toggle')
      scope:  (KAZOO fills in 'device')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("call_waiting", {"action": action, "scope": scope, "skip_module": skip_module}, unknown)
