"""Models of the `temporal_route` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from typing import ClassVar, Literal

from pydantic import Field

from kazoo_callflow._models import Data, ModuleNode


class TemporalRouteData(Data):
    """The data of `temporal_route`."""

    action: Literal["menu", "enable", "disable", "reset"] | None = Field(
        default=None,
        description="Change the rules instead of branching.",
    )
    interdigit_timeout: int | None = Field(
        default=None,
        description="How many milliseconds to wait for the next digit in the menu.",
    )
    rule_set: str | None = Field(default=None, description="The stored set of rules to try.")
    rules: list[str] = Field(
        default_factory=lambda: [],
        description="The rules to try, in order. (KAZOO fills in [])",
    )
    timezone: str | None = Field(default=None, description="The time zone the rules are read in.")
    skip_module: bool | None = Field(
        default=None,
        description="Skip this node: go straight to the wildcard child.",
    )


class TemporalRoute(ModuleNode):
    """Branches on the time of day, by stored rules.

    Branches: `rule_set`, `_`, the id of a rule or rule set.
    """

    kazoo_versions: ClassVar[tuple[str, ...]] = ("4.3", "5")
    child_keys: ClassVar[tuple[str, ...]] = ("rule_set", "_")
    other_child_keys: ClassVar[str] = "the id of a rule or rule set"
    traps: ClassVar[tuple[str, ...]] = (
        "The names of the children are themselves tried as rule ids.",
    )

    module: Literal["temporal_route"] = "temporal_route"
    data: TemporalRouteData = Field(default_factory=TemporalRouteData)
