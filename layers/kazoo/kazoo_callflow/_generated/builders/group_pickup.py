"""The `group_pickup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def group_pickup(
    *,
    approved_device_id: str | None = None,
    approved_group_id: str | None = None,
    approved_user_id: str | None = None,
    device_id: str | None = None,
    group_id: str | None = None,
    user_id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: takes a call that rings at a group, user or device.

    Fields:
      approved_device_id: Only this device may use the feature.
      approved_group_id: Only members of this group may use the feature.
      approved_user_id: Only this user's devices may use the feature.
      device_id: The device that rings.
      group_id: The group that rings.
      user_id: The user that rings.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "group_pickup",
        {
            "approved_device_id": approved_device_id,
            "approved_group_id": approved_group_id,
            "approved_user_id": approved_user_id,
            "device_id": device_id,
            "group_id": group_id,
            "user_id": user_id,
            "skip_module": skip_module,
        },
        unknown,
    )
