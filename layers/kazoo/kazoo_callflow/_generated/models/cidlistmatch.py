"""Models of the `cidlistmatch` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class CidlistmatchData(Data):
    """The data of `cidlistmatch`."""

    id: str | None = Field(default=None, description="The list's id.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class Cidlistmatch(ModuleNode):
    """Branches on whether the caller's number is in a stored list.

    Branches: `match`, `nomatch`, `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("match", "nomatch", "_")
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["cidlistmatch"] = "cidlistmatch"
    data: CidlistmatchData = Field(default_factory=CidlistmatchData)
