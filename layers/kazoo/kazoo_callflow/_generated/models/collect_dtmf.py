"""Models of the `collect_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class CollectDtmfData(Data):
    """The data of `collect_dtmf`."""

    collection_name: str | None = Field(
        default=None,
        description="The name the digits are sent under; `default` when left out.",
    )
    interdigit_timeout: int | None = Field(
        default=None,
        ge=1,
        description="How many milliseconds to wait for each further digit; KAZOO waits 2,000. (at least 1)",
    )
    max_digits: int = Field(
        default=1,
        ge=1,
        description="How many digits end the collection. (at least 1; KAZOO fills in 1)",
    )
    terminator: Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "#", "*"] = Field(
        default="#",
        description="The key that ends the collection; it is not part of it. (KAZOO fills in '#')",
    )
    terminators: list[Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "#", "*"]] | None = Field(
        default=None,
        description="The keys that end the collection, in place of `terminator`. (unique items)",
    )
    timeout: int = Field(
        default=5000,
        ge=1,
        description="How many milliseconds to wait for the first digit. (at least 1; KAZOO fills in 5000)",
    )
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class CollectDtmf(ModuleNode):
    """Answers and waits in silence for digits, which the next Pivot request carries.

    Branches: `_`.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("_",)
    other_child_keys: ClassVar[str] = ""
    traps: ClassVar[tuple[str, ...]] = (
        "The digits never select a child here: branch on them in the next request, or use a stored menu.",
        "A timeout looks like an answer: the collection is there and empty.",
        "Collections last for the whole call, so use a name of its own for every question.",
        "An empty `terminators` list crashes the module: the wildcard child runs and nothing is collected.",
    )

    module: Literal["collect_dtmf"] = "collect_dtmf"
    data: CollectDtmfData = Field(default_factory=CollectDtmfData)
