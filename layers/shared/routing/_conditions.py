"""What a rule can ask: a closed set of typed conditions, no code.

Each condition says whether it holds, why it does not, and whether it is implied by another (for finding rules
that can never decide).
"""

from __future__ import annotations

import hashlib
import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, Union

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from menus import MenuName as ScheduleName
from menus import Schedule, Strict, TimeZone, is_holiday, micros, parse_days, parse_span, thorough
from menus.types import WEEKDAYS, Money, State, check_country
from routing._facts import NUMBER_TYPES, Facts


@dataclass(frozen=True, slots=True)
class Scene:
    """A call among the settings of the document its rules stand in."""

    facts: Facts
    time_zone: str
    schedules: Mapping[str, Schedule]


def _as_list(value: Any) -> Any:
    """Accept one value where a list is asked for."""
    return [value] if isinstance(value, str) else value


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

    @abstractmethod
    def holds(self, scene: Scene) -> bool:
        """Whether the call meets the condition."""

    @abstractmethod
    def miss(self, scene: Scene) -> str:
        """Why the call does not meet it, in a few words; only asked when it does not."""

    def implied_by(self, other: Condition) -> bool:
        """Whether every call that meets `other` surely meets this one."""
        return self == other


class _OneOf(Condition):
    """Compares one fact of the call with a list of values."""

    one_of: OneOf
    fact: ClassVar[str]

    def found(self, scene: Scene) -> str:
        """The fact."""
        return str(getattr(scene.facts, self.fact))

    def holds(self, scene: Scene) -> bool:
        return self.found(scene) in self.one_of

    def miss(self, scene: Scene) -> str:
        return f"{self.fact} is {self.found(scene) or 'unknown'}, not {_some(self.one_of)}"

    def implied_by(self, other: Condition) -> bool:
        return isinstance(other, type(self)) and self.one_of >= other.one_of


class CallerNumber(_OneOf):
    """The caller's number, in E.164 or as KAZOO sent it (an extension, `anonymous`)."""

    test: Literal["caller_number"]
    one_of: Numbers
    fact = "caller_number"

    def holds(self, scene: Scene) -> bool:
        return scene.facts.caller_number in self.one_of or scene.facts.caller_e164 in self.one_of


class CallerCountry(_OneOf):
    """The country of the caller's number."""

    test: Literal["caller_country"]
    one_of: Annotated[OneOf, AfterValidator(_check_countries)]
    fact = "caller_country"


class CallerType(_OneOf):
    """The type of the caller's number."""

    test: Literal["caller_type"]
    one_of: Annotated[OneOf, AfterValidator(_check_types)]
    fact = "caller_type"


class Dialled(_OneOf):
    """The number the caller dialled, as KAZOO normalised it."""

    test: Literal["dialled"]
    one_of: Numbers
    fact = "dialled"


class Language(_OneOf):
    """The caller's language, as two letters."""

    test: Literal["language"]
    fact = "spoken_language"


class _Prefix(Condition):
    one_of: Prefixes
    fact: ClassVar[str]

    def holds(self, scene: Scene) -> bool:
        return str(getattr(scene.facts, self.fact)).startswith(tuple(self.one_of))

    def miss(self, scene: Scene) -> str:
        return (
            f"{self.fact} {getattr(scene.facts, self.fact) or 'unknown'} does not begin with "
            f"{_some(self.one_of)}"
        )

    def implied_by(self, other: Condition) -> bool:
        mine = tuple(self.one_of)
        whole = {CallerPrefix: CallerNumber, DialledPrefix: Dialled}.get(type(self))
        if type(other) is type(self) or (whole is not None and isinstance(other, whole)):
            return all(value.startswith(mine) for value in other.one_of)
        return False


class CallerPrefix(_Prefix):
    """What the caller's number, in E.164, begins with."""

    test: Literal["caller_prefix"]
    fact = "caller_e164"


class DialledPrefix(_Prefix):
    """What the dialled number begins with."""

    test: Literal["dialled_prefix"]
    fact = "dialled"


class Known(Condition):
    """The caller's number is in the callers' table."""

    test: Literal["known_caller"]

    def holds(self, scene: Scene) -> bool:
        return scene.facts.caller is not None

    def miss(self, scene: Scene) -> str:  # noqa: ARG002
        return "the caller is not known"

    def implied_by(self, other: Condition) -> bool:
        return isinstance(other, Known | CallerAttribute)


class _Named(Condition):
    """A named value, compared with a list, or only asked for when there is no list."""

    name: Name
    one_of: OneOf | None = None
    what: ClassVar[str]

    @abstractmethod
    def found(self, scene: Scene) -> str | None:
        """The value, None when there is none."""

    def holds(self, scene: Scene) -> bool:
        found = self.found(scene)
        return found is not None and (self.one_of is None or found in self.one_of)

    def miss(self, scene: Scene) -> str:
        found = self.found(scene)
        if found is None or self.one_of is None:
            return f"there is no {self.what} {self.name}"
        return f"{self.what} {self.name} is {found[:40]!r}, not {_some(self.one_of)}"

    def implied_by(self, other: Condition) -> bool:
        if not isinstance(other, type(self)) or other.name != self.name:
            return False
        return self.one_of is None or (other.one_of is not None and self.one_of >= other.one_of)


class CallerAttribute(_Named):
    """An attribute of a known caller, such as `vip`."""

    test: Literal["caller_attribute"]
    what = "attribute"

    def found(self, scene: Scene) -> str | None:
        caller = scene.facts.caller
        return None if caller is None else _word(caller.attributes.get(self.name))


class Variable(_Named):
    """A custom application variable of the call. On KAZOO 4.3 only those set before the callflow began
    arrive."""

    test: Literal["variable"]
    what = "variable"

    def found(self, scene: Scene) -> str | None:
        return _word(scene.facts.variables.get(self.name))


class SipHeader(_Named):
    """A SIP header; KAZOO passes on those whose names begin with X- or P-."""

    test: Literal["sip_header"]
    what = "SIP header"

    def found(self, scene: Scene) -> str | None:
        return scene.facts.header(self.name)


class BalanceAtLeast(Condition):
    """The caller's account may spend at least this much; an unknown balance is not enough."""

    test: Literal["balance"]
    at_least: Money

    def holds(self, scene: Scene) -> bool:
        available = scene.facts.available_micros
        return available is not None and available >= micros(self.at_least)

    def miss(self, scene: Scene) -> str:
        available = scene.facts.available_micros
        return (
            "no balance is known"
            if available is None
            else f"{available / 1e6:.2f} is available, not {self.at_least}"
        )

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

    def holds(self, scene: Scene) -> bool:
        local = scene.facts.local(self.time_zone or scene.time_zone)
        minute = local.hour * 60 + local.minute
        return any(first <= minute < last for first, last in map(parse_span, self.spans))

    def miss(self, scene: Scene) -> str:
        return (
            f"it is {scene.facts.local(self.time_zone or scene.time_zone):%H:%M}, not within "
            f"{_some(self.spans)}"
        )

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

    def holds(self, scene: Scene) -> bool:
        return WEEKDAYS[scene.facts.local(self.time_zone or scene.time_zone).weekday()] in parse_days(
            self.days
        )

    def miss(self, scene: Scene) -> str:
        today = WEEKDAYS[scene.facts.local(self.time_zone or scene.time_zone).weekday()]
        return f"it is {today}, not {self.days}"

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

    def holds(self, scene: Scene) -> bool:
        return self.first <= scene.facts.local(self.time_zone or scene.time_zone).date() <= self.last

    def miss(self, scene: Scene) -> str:
        today = scene.facts.local(self.time_zone or scene.time_zone).date()
        return f"it is {today}, not within {self.first} to {self.last}"

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

    def holds(self, scene: Scene) -> bool:
        today = scene.facts.local(self.time_zone or scene.time_zone).date()
        return is_holiday(self.country, self.subdivision, today)

    def miss(self, scene: Scene) -> str:
        today = scene.facts.local(self.time_zone or scene.time_zone).date()
        return f"{today} is no public holiday in {self.country}"


class Opening(Condition):
    """The state of one of the document's schedules."""

    test: Literal["schedule"]
    schedule: ScheduleName
    is_: State = Field("open", alias="is")

    def holds(self, scene: Scene) -> bool:
        return scene.schedules[self.schedule].state(scene.facts.now) == self.is_

    def miss(self, scene: Scene) -> str:
        return f"{self.schedule} is {scene.schedules[self.schedule].state(scene.facts.now)}, not {self.is_}"


class Share(Condition):
    """A percentage of the callers, the same ones every time: by a hash of `split` and the caller's number.

    Rules of the same `split` share one hash, so percent 20 is part of percent 50.
    """

    test: Literal["share"]
    percent: float = Field(ge=0, le=100)
    split: Name = "split"

    def _caller_percent(self, scene: Scene) -> float:
        caller = scene.facts.caller_e164 or scene.facts.caller_number
        digest = hashlib.sha256(f"{self.split}\n{caller}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64 * 100

    def holds(self, scene: Scene) -> bool:
        return self._caller_percent(scene) < self.percent

    def miss(self, scene: Scene) -> str:
        return (
            f"the caller is at {self._caller_percent(scene):.1f} of 100 in {self.split}, not below "
            f"{self.percent:g}"
        )

    def implied_by(self, other: Condition) -> bool:
        return self.percent == 100 or (
            isinstance(other, Share) and other.split == self.split and self.percent >= other.percent
        )


class AnyOf(Condition):
    """At least one of several conditions."""

    test: Literal["any"]
    of: list[AnyCondition] = Field(min_length=1, max_length=50)

    def holds(self, scene: Scene) -> bool:
        return any(condition.holds(scene) for condition in self.of)

    def miss(self, scene: Scene) -> str:
        return "none holds: " + "; ".join(condition.miss(scene) for condition in self.of)

    def implied_by(self, other: Condition) -> bool:
        if isinstance(other, AnyOf):
            return all(self.implied_by(each) for each in other.of)
        return any(condition.implied_by(other) for condition in self.of)


class Not(Condition):
    """A condition does not hold."""

    test: Literal["not"]
    of: AnyCondition

    def holds(self, scene: Scene) -> bool:
        return not self.of.holds(scene)

    def miss(self, scene: Scene) -> str:  # noqa: ARG002
        return f"{self.of.test} holds"

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


def _some(values: Any) -> str:
    """A few of the values, in order."""
    ordered = sorted(str(value) for value in values)
    return ", ".join(ordered[:3]) + (f" or {len(ordered) - 3} more" if len(ordered) > 3 else "")


def _word(value: Any) -> str | None:
    """A value from outside as rules compare it: yes and no for truth, a number in digits."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case _:
            return str(value)
