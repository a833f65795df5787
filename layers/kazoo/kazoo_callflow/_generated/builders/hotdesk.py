"""The `hotdesk` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def hotdesk(
    action: Literal["logout", "login", "toggle", "bridge"] | None = None,
    *,
    id: str | None = None,
    interdigit_timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: logs a user in to or out of a device, or rings the user's devices.

    Fields:
      action: What is done.
      id: The user's id.
      interdigit_timeout: How many milliseconds to wait for the next digit.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "hotdesk",
        {
            "action": action,
            "id": id,
            "interdigit_timeout": interdigit_timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
