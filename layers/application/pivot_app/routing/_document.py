"""The routing document: for every dialled number an ordered list of rules, and what happens when none
applies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pivot_app.menus import (
    Action,
    AnyAction,
    Back,
    CheckPin,
    MenuName,
    Repeat,
    Schedule,
    Strict,
    Text,
    TimeZone,
    walk,
)
from pivot_app.menus.types import check_language
from pivot_app.routing._conditions import AnyCondition
from pivot_app.routing._decide import DEFAULT_ROUTE

RouteName = Annotated[str, Field(pattern=r"^(default|\+?[0-9*#]{1,18})$")]


def _possible(action: AnyAction) -> AnyAction:
    """Refuse what only makes sense after a menu's question."""
    for inner in walk(action):
        if isinstance(inner, Back | Repeat | CheckPin):
            raise ValueError(
                f"{inner.do} needs a menu to go back to, and a rule has none; name the next action "
                "(then: …) instead"
            )
    return action


RuleAction = Annotated[Action, AfterValidator(_possible)]


class Rule(Strict):
    """If all conditions hold, this action; no condition at all always holds."""

    name: str = Field(min_length=1, max_length=80)
    when: list[AnyCondition] = Field(default_factory=list, max_length=20)
    then: RuleAction


class Route(Strict):
    """The rules of one dialled number, in order; the first whose conditions all hold decides."""

    rules: list[Rule] = Field(default_factory=list, max_length=20_000)
    otherwise: RuleAction

    @model_validator(mode="after")
    def _distinct(self) -> Route:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.name in seen:
                raise ValueError(f"two rules are named {rule.name!r}; give each a name of its own")
            seen.add(rule.name)
        return self


class Shared(Strict):
    """What all routes of a document share; it travels with each of them."""

    time_zone: TimeZone = "UTC"
    languages: list[Annotated[str, AfterValidator(check_language)]] = Field(
        default_factory=lambda: ["en"], min_length=1
    )
    schedules: dict[MenuName, Schedule] = Field(default_factory=dict, max_length=100)
    goodbye: Text | None = None


class RoutingDocument(Shared):
    """All routes of one KAZOO account. `default` serves the numbers that have no route of their own."""

    kind: Literal["routing"]
    routes: dict[RouteName, Route] = Field(min_length=1, max_length=20_000)

    def page(self, name: str) -> RoutePage:
        """Return one route with all it needs from the rest of the document, as it is stored and read."""
        shared = {field: getattr(self, field) for field in Shared.model_fields}
        return RoutePage.model_construct(name=name, route=self.routes[name], **shared)

    @property
    def start(self) -> str:
        """The route stored beside the pointer to the live version: the default one, or the first."""
        return DEFAULT_ROUTE if DEFAULT_ROUTE in self.routes else next(iter(self.routes))


class RoutePage(Shared):
    """One route as a call needs it: one database row."""

    name: RouteName
    route: Route
