"""The `group_pickup_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def group_pickup_feature(
    *,
    approved_device_id: str | None = None,
    approved_group_id: str | None = None,
    approved_user_id: str | None = None,
    device_id: str | None = None,
    group_id: str | None = None,
    type: Literal["group", "user", "device", "extension"] | None = None,
    user_id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      approved_device_id:  (KAZOO 5 only)
      approved_group_id:  (KAZOO 5 only)
      approved_user_id:  (KAZOO 5 only)
      device_id:  (KAZOO 5 only)
      group_id:  (KAZOO 5 only)
      type:  (KAZOO fills in 'extension')
      user_id:  (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("group_pickup_feature", {"approved_device_id": approved_device_id, "approved_group_id": approved_group_id, "approved_user_id": approved_user_id, "device_id": device_id, "group_id": group_id, "type": type, "user_id": user_id, "skip_module": skip_module}, unknown)
