"""Models of the `after_bridge` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class AfterBridgeData(Data):
    """The data of `after_bridge`."""

    action: Literal["park", "transfer", "hangup"] | None = Field(
        default=None,
        description="Park, transfer or hang up.",
    )
    data: bool | str | None = Field(default=None, description="The extension to transfer to.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class AfterBridge(ModuleNode):
    """Decides what happens to the caller when the other side of a later bridge hangs up.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["after_bridge"] = "after_bridge"
    data: AfterBridgeData = Field(default_factory=AfterBridgeData)
