"""The `acdc_agent` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def acdc_agent(
    *,
    action: Literal["login", "logout", "paused", "resume"] | None = None,
    presence_id: str | None = None,
    presence_state: Literal["early", "confirmed", "terminated", "red_flash", "red_solid", "green"] | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      action:
      presence_id:
      presence_state:
      timeout:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("acdc_agent", {"action": action, "presence_id": presence_id, "presence_state": presence_state, "timeout": timeout, "skip_module": skip_module}, unknown)
