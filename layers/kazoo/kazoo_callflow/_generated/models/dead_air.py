"""Models of the `dead_air` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class DeadAirData(Data):
    """The data of `dead_air`."""

    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class DeadAir(ModuleNode):
    """Answers and plays silence until the caller hangs up.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["dead_air"] = "dead_air"
    data: DeadAirData = Field(default_factory=DeadAirData)
