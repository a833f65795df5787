"""Models of the `prepend_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class PrependCidData(Data):
    """The data of `prepend_cid`."""

    action: Literal["reset", "prepend"] = Field(
        default="prepend",
        description="Add the prefix or take it away. (KAZOO fills in 'prepend')",
    )
    apply_to: Literal["original", "current"] = Field(
        default="current",
        description="Whether the original or the present identity is prefixed. (KAZOO fills in 'current')",
    )
    caller_id_name_prefix: str = Field(default="", description="The prefix of the name. (KAZOO fills in '')")
    caller_id_number_prefix: str = Field(
        default="",
        description="The prefix of the number. (KAZOO fills in '')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class PrependCid(ModuleNode):
    """Puts a prefix before the caller's name or number on phones rung later.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["prepend_cid"] = "prepend_cid"
    data: PrependCidData = Field(default_factory=PrependCidData)
