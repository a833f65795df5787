"""Models of the `intercept_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class InterceptFeatureData(Data):
    """The data of `intercept_feature`."""

    approved_device_id: str | None = Field(default=None, description="Only this device may use the feature.")
    approved_group_id: str | None = Field(
        default=None,
        description="Only members of this group may use the feature.",
    )
    approved_user_id: str | None = Field(
        default=None,
        description="Only this user's devices may use the feature.",
    )
    type: Literal["user", "device", "extension"] | None = Field(
        default=None,
        description="What the captured digits name.",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class InterceptFeature(ModuleNode):
    """Feature code: takes over a call, the target captured from the dialled pattern.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["intercept_feature"] = "intercept_feature"
    data: InterceptFeatureData = Field(default_factory=InterceptFeatureData)
