"""Models of the `set_variables` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class SetVariablesData(Data):
    """The data of `set_variables`."""

    custom_application_vars: dict[str, Any] = Field(
        default_factory=dict,
        description="The variables, by name; strings are safe on both versions. (KAZOO fills in {})",
    )
    export: bool | None = Field(
        default=None,
        description="Whether the other side of a bridge gets them too; no effect on KAZOO 4.3.",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class SetVariables(ModuleNode):
    """Sets application variables of the call.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "KAZOO 4.3 takes strings only, and does not send the variables with later Pivot requests.",
        "Names KAZOO uses itself, such as Account-ID, are dropped without a word on 4.3.",
    )

    module: Literal["set_variables"] = "set_variables"
    data: SetVariablesData = Field(default_factory=SetVariablesData)
