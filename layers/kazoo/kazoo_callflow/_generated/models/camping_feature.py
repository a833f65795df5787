"""Models of the `camping_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class CampingFeatureData(Data):
    """The data of `camping_feature`."""

    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class CampingFeature(ModuleNode):
    """Feature code: rings back when a busy phone is free, then hangs up.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["camping_feature"] = "camping_feature"
    data: CampingFeatureData = Field(default_factory=CampingFeatureData)
