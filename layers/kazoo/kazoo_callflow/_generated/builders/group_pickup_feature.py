"""The `group_pickup_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


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
    """Feature code: takes a ringing call, the target captured from the dialled pattern.

    Fields:
      approved_device_id: Only this device may use the feature. (KAZOO 5 only)
      approved_group_id: Only members of this group may use the feature. (KAZOO 5 only)
      approved_user_id: Only this user's devices may use the feature. (KAZOO 5 only)
      device_id: The device that rings. (KAZOO 5 only)
      group_id: The group that rings. (KAZOO 5 only)
      type: What the captured digits name. (KAZOO fills in 'extension')
      user_id: The user that rings. (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    Trap: On KAZOO 4.3 the types user and group are not implemented.
    """
    return build(
        "group_pickup_feature",
        {
            "approved_device_id": approved_device_id,
            "approved_group_id": approved_group_id,
            "approved_user_id": approved_user_id,
            "device_id": device_id,
            "group_id": group_id,
            "type": type,
            "user_id": user_id,
            "skip_module": skip_module,
        },
        unknown,
    )
