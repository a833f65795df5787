"""Models of the `group_pickup_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class GroupPickupFeatureData(Data):
    """The data of `group_pickup_feature`."""

    approved_device_id: str | None = Field(
        default=None,
        description="Only this device may use the feature. (KAZOO 5 only)",
    )
    approved_group_id: str | None = Field(
        default=None,
        description="Only members of this group may use the feature. (KAZOO 5 only)",
    )
    approved_user_id: str | None = Field(
        default=None,
        description="Only this user's devices may use the feature. (KAZOO 5 only)",
    )
    device_id: str | None = Field(default=None, description="The device that rings. (KAZOO 5 only)")
    group_id: str | None = Field(default=None, description="The group that rings. (KAZOO 5 only)")
    type: Literal["group", "user", "device", "extension"] = Field(
        default="extension",
        description="What the captured digits name. (KAZOO fills in 'extension')",
    )
    user_id: str | None = Field(default=None, description="The user that rings. (KAZOO 5 only)")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class GroupPickupFeature(ModuleNode):
    """Feature code: takes a ringing call, the target captured from the dialled pattern.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "On KAZOO 4.3 the types user and group are not implemented.",
    )

    module: Literal["group_pickup_feature"] = "group_pickup_feature"
    data: GroupPickupFeatureData = Field(default_factory=GroupPickupFeatureData)
