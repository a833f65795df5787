"""The `call_pickup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def call_pickup(
    *,
    target_call_id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      target_call_id:  (at least 1 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    KAZOO 5 only.
    """
    return build("call_pickup", {"target_call_id": target_call_id, "skip_module": skip_module}, unknown)
