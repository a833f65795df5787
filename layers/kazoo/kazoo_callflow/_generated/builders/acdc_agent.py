"""The `acdc_agent` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def acdc_agent(
    action: Literal["login", "logout", "paused", "resume"] | None = None,
    *,
    presence_id: str | None = None,
    presence_state: Literal["early", "confirmed", "terminated", "red_flash", "red_solid", "green"] | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Lets a queue agent log in, log out, pause or resume, with a prompt.

    Fields:
      action: What the agent does.
      presence_id: The presence light to change.
      presence_state: How the light shows.
      timeout: How many seconds a pause lasts.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: KAZOO 5 has its schema; whether it has the module depends on the build.
    """
    return build(
        "acdc_agent",
        {
            "action": action,
            "presence_id": presence_id,
            "presence_state": presence_state,
            "timeout": timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
