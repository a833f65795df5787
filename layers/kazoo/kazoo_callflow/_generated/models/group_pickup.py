"""Models of the `group_pickup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class GroupPickupData(Data):
    """The data of `group_pickup`."""

    approved_device_id: str | None = Field(default=None, description="Only this device may use the feature.")
    approved_group_id: str | None = Field(
        default=None,
        description="Only members of this group may use the feature.",
    )
    approved_user_id: str | None = Field(
        default=None,
        description="Only this user's devices may use the feature.",
    )
    device_id: str | None = Field(default=None, description="The device that rings.")
    group_id: str | None = Field(default=None, description="The group that rings.")
    user_id: str | None = Field(default=None, description="The user that rings.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class GroupPickup(ModuleNode):
    """Feature code: takes a call that rings at a group, user or device.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["group_pickup"] = "group_pickup"
    data: GroupPickupData = Field(default_factory=GroupPickupData)
