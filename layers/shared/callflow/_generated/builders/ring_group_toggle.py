"""The `ring_group_toggle` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def ring_group_toggle(
    *,
    action: Literal["login", "logout"],
    callflow_id: str,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      action:
      callflow_id:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("ring_group_toggle", {"action": action, "callflow_id": callflow_id, "skip_module": skip_module}, unknown)
