"""Models of the `directory` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class DirectoryData(Data):
    """The data of `directory`."""

    id: str | None = Field(default=None, description="The directory's id.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Directory(ModuleNode):
    """Lets the caller find someone by spelling the name on the keys.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["directory"] = "directory"
    data: DirectoryData = Field(default_factory=DirectoryData)
