"""Models of the `nomorobo` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class NomoroboData(Data):
    """The data of `nomorobo`."""

    username: str = Field(
        min_length=1,
        max_length=1000,
        description="The name at the service. (1 to 1000 characters)",
    )
    password: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="The password at the service. (1 to 1000 characters)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Nomorobo(ModuleNode):
    """Branches on how likely the caller is a robot, as an outside service says.

    Branches: `_`, an integer from 0 to 10.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "an integer from 0 to 10"
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["nomorobo"] = "nomorobo"
    data: NomoroboData
