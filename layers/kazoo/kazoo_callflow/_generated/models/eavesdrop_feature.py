"""Models of the `eavesdrop_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class EavesdropFeatureData(Data):
    """The data of `eavesdrop_feature`."""

    approved_device_id: str | None = Field(default=None, description="Only this device may use the feature.")
    approved_group_id: str | None = Field(
        default=None,
        description="Only members of this group may use the feature.",
    )
    approved_user_id: str | None = Field(
        default=None,
        description="Only this user's devices may use the feature.",
    )
    group_id: str | None = Field(default=None, description="The group whose phones may be listened to.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class EavesdropFeature(ModuleNode):
    """Feature code: listens in on the extension the dialled pattern captured.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["eavesdrop_feature"] = "eavesdrop_feature"
    data: EavesdropFeatureData = Field(default_factory=EavesdropFeatureData)
