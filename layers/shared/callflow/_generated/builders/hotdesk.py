"""The `hotdesk` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def hotdesk(
    *,
    action: Literal["logout", "login", "toggle", "bridge"] | None = None,
    id: str | None = None,
    interdigit_timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      action:
      id:
      interdigit_timeout:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("hotdesk", {"action": action, "id": id, "interdigit_timeout": interdigit_timeout, "skip_module": skip_module}, unknown)
