"""Models of the `set_variable` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class SetVariableData(Data):
    """The data of `set_variable`."""

    variable: str | None = Field(default=None, description="The variable's name.")
    value: str | None = Field(default=None, description="Its value.")
    channel: Literal["a", "both"] = Field(
        default="a",
        description="Which side of the call gets it. (KAZOO fills in 'a')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class SetVariable(ModuleNode):
    """Sets one of the few variables KAZOO itself reads, such as call_priority.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "Only `call_priority` has an effect (KAZOO 5: `group_id` too). For your own variables use set_variables.",
    )

    module: Literal["set_variable"] = "set_variable"
    data: SetVariableData = Field(default_factory=SetVariableData)
