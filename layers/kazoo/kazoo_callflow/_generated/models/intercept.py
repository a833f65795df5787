"""Models of the `intercept` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class InterceptData(Data):
    """The data of `intercept`."""

    approved_device_id: str | None = Field(default=None, description="Only this device may use the feature.")
    approved_group_id: str | None = Field(
        default=None,
        description="Only members of this group may use the feature.",
    )
    approved_user_id: str | None = Field(
        default=None,
        description="Only this user's devices may use the feature.",
    )
    device_id: str | None = Field(default=None, description="The device whose call is taken.")
    group_id: str | None = Field(default=None, description="The group whose call is taken.")
    user_id: str | None = Field(default=None, description="The user whose call is taken.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Intercept(ModuleNode):
    """Feature code: takes over another user's ringing or answered call.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["intercept"] = "intercept"
    data: InterceptData = Field(default_factory=InterceptData)
