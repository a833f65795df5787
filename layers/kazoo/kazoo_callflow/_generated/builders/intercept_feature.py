"""The `intercept_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def intercept_feature(
    *,
    approved_device_id: str | None = None,
    approved_group_id: str | None = None,
    approved_user_id: str | None = None,
    type: Literal["user", "device", "extension"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: takes over a call, the target captured from the dialled pattern.

    Fields:
      approved_device_id: Only this device may use the feature.
      approved_group_id: Only members of this group may use the feature.
      approved_user_id: Only this user's devices may use the feature.
      type: What the captured digits name.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "intercept_feature",
        {
            "approved_device_id": approved_device_id,
            "approved_group_id": approved_group_id,
            "approved_user_id": approved_user_id,
            "type": type,
            "skip_module": skip_module,
        },
        unknown,
    )
