"""Models of the `do_not_disturb` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class DoNotDisturbData(Data):
    """The data of `do_not_disturb`."""

    action: Literal["activate", "deactivate", "toggle"] | None = Field(
        default=None,
        description="What is done.",
    )
    id: str | None = Field(default=None, description="The user or device it is done to.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class DoNotDisturb(ModuleNode):
    """Feature code: turns do-not-disturb on or off, with a prompt.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["do_not_disturb"] = "do_not_disturb"
    data: DoNotDisturbData = Field(default_factory=DoNotDisturbData)
