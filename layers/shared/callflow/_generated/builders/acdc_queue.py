"""The `acdc_queue` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def acdc_queue(
    *,
    action: Literal["login", "logout"] | None = None,
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
    return build("acdc_queue", {"action": action, "id": id, "skip_module": skip_module}, unknown)
