"""Models of the `branch_bnumber` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class BranchBnumberData(Data):
    """The data of `branch_bnumber`."""

    hunt: bool = Field(
        default=False,
        description="Whether another callflow of the account with that number is tried instead of a child. (KAZOO fills in False)",
    )
    hunt_allow: str | None = Field(
        default=None,
        description="A regular expression of numbers that may be tried.",
    )
    hunt_deny: str | None = Field(default=None, description="A regular expression of numbers that may not.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class BranchBnumber(ModuleNode):
    """Branches on the digits the called number's pattern captured.

    Branches: `_`, the captured digits.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = "the captured digits"
    traps: ClassVar[tuple[str, ...]] = ()

    module: Literal["branch_bnumber"] = "branch_bnumber"
    data: BranchBnumberData = Field(default_factory=BranchBnumberData)
