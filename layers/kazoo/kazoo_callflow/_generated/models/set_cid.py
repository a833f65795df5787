"""Models of the `set_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class SetCidData(Data):
    """The data of `set_cid`."""

    caller_id_number: str = Field(
        default="",
        description="The number; empty takes the change back. (KAZOO fills in '')",
    )
    caller_id_name: str = Field(
        default="",
        description="The name; empty takes the change back. (KAZOO fills in '')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class SetCid(ModuleNode):
    """Changes the caller identity of calls made from here on.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["set_cid"] = "set_cid"
    data: SetCidData = Field(default_factory=SetCidData)
