"""Models of the `branch_variable` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class BranchVariableData(Data):
    """The data of `branch_variable`."""

    variable: str | list[str] | None = Field(
        default=None,
        description="The variable's name, or the path to it.",
    )
    id: str | None = Field(default=None, description="The document for scope doc. (KAZOO 5 only)")
    scope: Literal["account", "custom_channel_vars", "device", "merged", "user", "doc"] = Field(
        default="custom_channel_vars",
        description="Where the variable is looked up. (KAZOO fills in 'custom_channel_vars')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class BranchVariable(ModuleNode):
    """Branches on the value of a variable.

    Branches: `_`, the variable's value.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "the variable's value"
    traps: ClassVar[tuple[str, ...]] = (
        "On KAZOO 4.3 it sees what set_variables stored; on KAZOO 5 it does not.",
    )

    module: Literal["branch_variable"] = "branch_variable"
    data: BranchVariableData = Field(default_factory=BranchVariableData)
