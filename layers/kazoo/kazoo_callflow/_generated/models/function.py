"""Models of the `function` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class FunctionData(Data):
    """The data of `function`."""

    id: str | None = Field(default=None, description="The function's id.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Function(ModuleNode):
    """Runs a function stored in KAZOO's database that returns the rest of the call.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("5",)
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["function"] = "function"
    data: FunctionData = Field(default_factory=FunctionData)
