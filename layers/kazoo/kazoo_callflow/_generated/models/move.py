"""Models of the `move` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class MoveData(Data):
    """The data of `move`."""

    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Move(ModuleNode):
    """Feature code: moves the user's active call to this phone.

    Branches: none; nothing runs after it.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ()
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["move"] = "move"
    data: MoveData = Field(default_factory=MoveData)
