"""The `do_not_disturb` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def do_not_disturb(
    *,
    action: Literal["activate", "deactivate", "toggle"] | None = None,
    id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      action:
      id:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("do_not_disturb", {"action": action, "id": id, "skip_module": skip_module}, unknown)
