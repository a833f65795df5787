"""What a rule can ask: a closed set of typed conditions, no code.

Each condition says whether it holds, why it does not, and whether it is implied by another (for finding rules
that can never decide).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias, Union

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from pivot_app.menus import MenuName as ScheduleName
from pivot_app.menus import Strict, TimeZone, is_holiday, micros, parse_days, parse_span, thorough
from pivot_app.menus.types import Money, State, check_country
from pivot_app.routing._facts import NUMBER_TYPES


def _as_list(value: Any) -> Any:
    """Accept one value where a list is asked for, and numbers that are not in quotes."""
    values = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict) for each in values):
        return value
    return [str(each) if type(each) is int else each for each in values]


def _check_numbers(numbers: frozenset[str]) -> frozenset[str]:
    for number in numbers:
        if not re.fullmatch(r"\+?[0-9*#]{1,18}|[a-z]+", number):
            raise ValueError(
                f"{number!r} is no phone number; write it in E.164, like '+14155550100', or an extension"
            )
    return numbers


def _check_prefixes(prefixes: frozenset[str]) -> frozenset[str]:
    for prefix in prefixes:
        if not re.fullmatch(r"\+?[0-9]{1,15}", prefix):
            raise ValueError(f"{prefix!r} is no prefix of a phone number; write it like '+1415'")
    return prefixes


def _check_countries(countries: frozenset[str]) -> frozenset[str]:
    for country in countries:
        check_country(country)
    return countries


def _check_types(types: frozenset[str]) -> frozenset[str]:
    if unknown := sorted(types - set(NUMBER_TYPES)):
        raise ValueError(f"{unknown[0]!r} is no type of number; there are {', '.join(NUMBER_TYPES)}")
    return types


OneOf = Annotated[frozenset[str], BeforeValidator(_as_list), Field(min_length=1, max_length=10_000)]
Numbers = Annotated[OneOf, AfterValidator(_check_numbers)]
Prefixes = Annotated[OneOf, AfterValidator(_check_prefixes)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]


class Condition(Strict):
    """One question about a call; `test` says which."""

    test: str

    def implied_by(self, other: Condition) -> bool:
        """Whether every call that meets `other` surely meets this one."""
        return self == other


class _OneOf(Condition):
    """Compares one fact of the call with a list of values."""

    one_of: OneOf

    def implied_by(self, other: Condition) -> bool:
        return isinstance(other, type(self)) and self.one_of >= other.one_of


class CallerNumber(_OneOf):
    """The caller's number, in E.164 or as KAZOO sent it (an extension, `anonymous`)."""

    test: Literal["caller_number"]
    one_of: Numbers


class CallerCountry(_OneOf):
    """The country of the caller's number."""

    test: Literal["caller_country"]
    one_of: Annotated[OneOf, AfterValidator(_check_countries)]


class CallerType(_OneOf):
    """The type of the caller's number."""

    test: Literal["caller_type"]
    one_of: Annotated[OneOf, AfterValidator(_check_types)]


class Dialled(_OneOf):
    """The number the caller dialled, as KAZOO normalised it."""

    test: Literal["dialled"]
    one_of: Numbers


class Language(_OneOf):
    """The caller's language, as two letters."""

    test: Literal["language"]


class _Prefix(Condition):
    one_of: Prefixes

    def implied_by(self, other: Condition) -> bool:
        mine = tuple(self.one_of)
        whole = {CallerPrefix: CallerNumber, DialledPrefix: Dialled}.get(type(self))
        if type(other) is type(self) or (whole is not None and isinstance(other, whole)):
            return all(value.startswith(mine) for value in other.one_of)
        return False


class CallerPrefix(_Prefix):
    """What the caller's number, in E.164, begins with."""

    test: Literal["caller_prefix"]


class DialledPrefix(_Prefix):
    """What the dialled number begins with."""

    test: Literal["dialled_prefix"]


class Known(Condition):
    """The caller's number is in the callers' table."""

    test: Literal["known_caller"]

    def implied_by(self, other: Condition) -> bool:
        return isinstance(other, Known | CallerAttribute)


class _Named(Condition):
    """A named value, compared with a list, or only asked for when there is no list."""

    name: Name
    one_of: OneOf | None = None

    def implied_by(self, other: Condition) -> bool:
        if not isinstance(other, type(self)) or other.name != self.name:
            return False
        return self.one_of is None or (other.one_of is not None and self.one_of >= other.one_of)


class CallerAttribute(_Named):
    """An attribute of a known caller, such as `vip`."""

    test: Literal["caller_attribute"]


class Variable(_Named):
    """A custom application variable of the call. On KAZOO 4.3 only those set before the callflow began
    arrive."""

    test: Literal["variable"]


class SipHeader(_Named):
    """A SIP header; KAZOO passes on those whose names begin with X- or P-."""

    test: Literal["sip_header"]


class BalanceAtLeast(Condition):
    """The caller's account may spend at least this much; an unknown balance is not enough."""

    test: Literal["balance"]
    at_least: Money

    def implied_by(self, other: Condition) -> bool:
        return isinstance(other, BalanceAtLeast) and micros(other.at_least) >= micros(self.at_least)


class _Clock(Condition):
    time_zone: TimeZone | None = None


class TimeOfDay(_Clock):
    """The time of day, in spans like `09:00-17:30` of the rule's or the document's time zone."""

    test: Literal["time"]
    spans: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _readable(self) -> TimeOfDay:
        for span in self.spans:
            parse_span(span)
        return self

    def implied_by(self, other: Condition) -> bool:
        if not isinstance(other, TimeOfDay) or other.time_zone != self.time_zone:
            return False
        mine = [parse_span(span) for span in self.spans]
        theirs = [parse_span(span) for span in other.spans]
        return all(any(a <= first and last <= b for a, b in mine) for first, last in theirs)


class Weekday(_Clock):
    """The day of the week, as `mon-fri` or `sat,sun`."""

    test: Literal["weekday"]
    days: str

    @model_validator(mode="after")
    def _readable(self) -> Weekday:
        parse_days(self.days)
        return self

    def implied_by(self, other: Condition) -> bool:
        return (
            isinstance(other, Weekday)
            and other.time_zone == self.time_zone
            and set(parse_days(self.days)) >= set(parse_days(other.days))
        )


class Dates(_Clock):
    """A span of days, both included."""

    test: Literal["dates"]
    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> Dates:
        if self.first > self.last:
            raise ValueError(f"the first day {self.first} is after the last {self.last}")
        return self

    def implied_by(self, other: Condition) -> bool:
        return (
            isinstance(other, Dates)
            and other.time_zone == self.time_zone
            and self.first <= other.first
            and other.last <= self.last
        )


class Holiday(_Clock):
    """A public holiday of a country or of one of its states."""

    test: Literal["holiday"]
    country: Annotated[str, AfterValidator(check_country)]
    subdivision: str | None = Field(None, max_length=10)

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> Holiday:
        if thorough(info):
            is_holiday(self.country, self.subdivision, date(2026, 1, 1))
        return self


class Opening(Condition):
    """The state of one of the document's schedules."""

    test: Literal["schedule"]
    schedule: ScheduleName
    is_: State = Field("open", alias="is")


class Share(Condition):
    """A percentage of the callers, the same ones every time: by a hash of `split` and the caller's number.

    Rules of the same `split` share one hash, so percent 20 is part of percent 50.
    """

    test: Literal["share"]
    percent: float = Field(ge=0, le=100)
    split: Name = "split"

    def implied_by(self, other: Condition) -> bool:
        return self.percent == 100 or (
            isinstance(other, Share) and other.split == self.split and self.percent >= other.percent
        )


class AnyOf(Condition):
    """At least one of several conditions."""

    test: Literal["any"]
    of: list[AnyCondition] = Field(min_length=1, max_length=50)

    def implied_by(self, other: Condition) -> bool:
        if isinstance(other, AnyOf):
            return all(self.implied_by(each) for each in other.of)
        return any(condition.implied_by(other) for condition in self.of)


class Not(Condition):
    """A condition does not hold."""

    test: Literal["not"]
    of: AnyCondition

    def implied_by(self, other: Condition) -> bool:
        return isinstance(other, Not) and other.of.implied_by(self.of)


AnyCondition: TypeAlias = Annotated[
    Union[  # noqa: UP007 - forward references inside need the old spelling
        CallerNumber,
        CallerPrefix,
        CallerCountry,
        CallerType,
        Dialled,
        DialledPrefix,
        Language,
        Known,
        CallerAttribute,
        Variable,
        SipHeader,
        BalanceAtLeast,
        TimeOfDay,
        Weekday,
        Dates,
        Holiday,
        Opening,
        Share,
        AnyOf,
        Not,
    ],
    Field(discriminator="test"),
]


def nested(condition: Condition) -> list[Condition]:
    """The condition and all inside it."""
    match condition:
        case AnyOf():
            return [condition, *(inner for each in condition.of for inner in nested(each))]
        case Not():
            return [condition, *nested(condition.of)]
        case _:
            return [condition]
