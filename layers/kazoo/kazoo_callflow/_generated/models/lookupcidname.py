"""Models of the `lookupcidname` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class LookupcidnameData(Data):
    """The data of `lookupcidname`."""

    lists: list[str] = Field(default_factory=lambda: [], description="The lists' ids. (KAZOO fills in [])")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Lookupcidname(ModuleNode):
    """Sets the caller's name from stored lists.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "On KAZOO 4.3 nothing that runs later sees the name.",
    )

    module: Literal["lookupcidname"] = "lookupcidname"
    data: LookupcidnameData = Field(default_factory=LookupcidnameData)
