"""Models of the `eavesdrop` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class EavesdropData(Data):
    """The data of `eavesdrop`."""

    approved_device_id: str | None = Field(default=None, description="Only this device may use the feature.")
    approved_group_id: str | None = Field(
        default=None,
        description="Only members of this group may use the feature.",
    )
    approved_user_id: str | None = Field(
        default=None,
        description="Only this user's devices may use the feature.",
    )
    device_id: str | None = Field(default=None, description="The device listened to.")
    user_id: str | None = Field(default=None, description="The user listened to.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Eavesdrop(ModuleNode):
    """Feature code: listens in on a user's or device's call.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["eavesdrop"] = "eavesdrop"
    data: EavesdropData = Field(default_factory=EavesdropData)
