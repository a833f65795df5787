"""Routes as they are stored and read: one page holds the rules of one dialled number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from pivot_app.actions import AnyAction
from pivot_app.conditions import AnyCondition
from pivot_app.documents import Form, Language, Length, Name, Pattern, Record, Sentence, TimeZone
from pivot_app.lazy_dataclass import dataclass
from pivot_app.schedules import Schedule

DEFAULT_ROUTE = "default"
RouteName = Annotated[str, Pattern(r"default|\+?[0-9*#]{1,18}", "a dialled number, or default")]
RuleAction = Annotated[AnyAction, Form("rule_action")]


@dataclass(frozen=True, kw_only=True)
class Rule(Record):
    """If all conditions hold, this action; no condition at all always holds."""

    name: Annotated[str, Length(1, 80)]
    when: Annotated[tuple[AnyCondition, ...], Length(0, 20)] = ()
    then: RuleAction


@dataclass(frozen=True, kw_only=True)
class Route(Record):
    """The rules of one dialled number, in order; the first whose conditions all hold decides."""

    rules: Annotated[tuple[Rule, ...], Length(0, 20_000)] = ()
    otherwise: RuleAction


@dataclass(frozen=True, kw_only=True)
class RoutingSettings(Record):
    """The settings that all routes of a document share; each route carries a copy."""

    time_zone: TimeZone = "UTC"
    languages: Annotated[tuple[Language, ...], Length(1, 20)] = ("en",)
    schedules: Annotated[Mapping[Name, Schedule], Length(0, 100)] = field(default_factory=dict)
    tables: Annotated[Mapping[Name, Mapping[str, str]], Form("tables"), Length(0, 50)] = field(
        default_factory=dict
    )
    goodbye: Sentence | None = None


@dataclass(frozen=True, kw_only=True)
class RoutePage(RoutingSettings):
    """One route as a call needs it: one database row."""

    name: RouteName
    route: Route
