"""Models of the `flush_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class FlushDtmfData(Data):
    """The data of `flush_dtmf`."""

    collection_name: str = Field(
        default="default",
        description="The collection to forget. (KAZOO fills in 'default')",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class FlushDtmf(ModuleNode):
    """Forgets the digits of one collection.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["flush_dtmf"] = "flush_dtmf"
    data: FlushDtmfData = Field(default_factory=FlushDtmfData)
