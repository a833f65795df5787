"""The conditions of rules and actions: a closed set of typed conditions, no code."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, Union

from pivot_app.documents import (
    Between,
    Computed,
    Day,
    Fillable,
    Form,
    Length,
    Moment,
    Money,
    Name,
    Pattern,
    Record,
    Tagged,
    TimeZone,
)
from pivot_app.lazy_dataclass import dataclass
from pivot_app.schedules import Country, Spans, State

OneOf = Annotated[frozenset[str], Form("one_of"), Length(1, 10_000)]
Numbers = Annotated[frozenset[str], Form("numbers"), Length(1, 10_000)]
Prefixes = Annotated[frozenset[str], Form("prefixes"), Length(1, 10_000)]
ValueName = Annotated[
    str, Pattern(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", "a name of letters, digits, dots, dashes and underscores")
]
ShortText = Annotated[str, Length(1, 200)]


class Condition(Record):
    """One question about a call; `test` says which."""

    test: str


@dataclass(frozen=True, kw_only=True)
class CallerNumber(Condition):
    """The caller's number, in E.164 or as KAZOO sent it (an extension)."""

    test: Literal["caller_number"]
    one_of: Numbers


@dataclass(frozen=True, kw_only=True)
class CallerPrefix(Condition):
    """What the caller's number, in E.164, begins with."""

    test: Literal["caller_prefix"]
    one_of: Prefixes


@dataclass(frozen=True, kw_only=True)
class CallerCountry(Condition):
    """The country of the caller's number."""

    test: Literal["caller_country"]
    one_of: Annotated[frozenset[str], Form("countries"), Length(1, 300)]


@dataclass(frozen=True, kw_only=True)
class CallerType(Condition):
    """The type of the caller's number."""

    test: Literal["caller_type"]
    one_of: Annotated[frozenset[str], Form("number_types"), Length(1, 20)]


@dataclass(frozen=True, kw_only=True)
class CallerName(Condition):
    """The caller's name as the network gives it; case is ignored."""

    test: Literal["caller_name"]
    one_of: OneOf | None = None
    contains: ShortText | None = None
    prefix: ShortText | None = None


@dataclass(frozen=True, kw_only=True)
class Withheld(Condition):
    """The caller hides the number, in any notation of the network."""

    test: Literal["withheld"]


@dataclass(frozen=True, kw_only=True)
class ForwardedBy(Condition):
    """The number that forwarded the call here (Diversion, History-Info); any one when no list is given."""

    test: Literal["forwarded_by"]
    one_of: Numbers | None = None


@dataclass(frozen=True, kw_only=True)
class Dialled(Condition):
    """The number the caller dialled, as KAZOO normalised it."""

    test: Literal["dialled"]
    one_of: Numbers


@dataclass(frozen=True, kw_only=True)
class DialledPrefix(Condition):
    """What the dialled number begins with."""

    test: Literal["dialled_prefix"]
    one_of: Prefixes


@dataclass(frozen=True, kw_only=True)
class SpokenLanguage(Condition):
    """The caller's language, as two letters."""

    test: Literal["language"]
    one_of: OneOf


@dataclass(frozen=True, kw_only=True)
class KnownCaller(Condition):
    """The caller is in the callers' table, by number or as a registered user."""

    test: Literal["known_caller"]


@dataclass(frozen=True, kw_only=True)
class CallerAttribute(Condition):
    """An attribute of a known caller, such as `vip`."""

    test: Literal["caller_attribute"]
    name: ValueName
    one_of: OneOf | None = None


@dataclass(frozen=True, kw_only=True)
class UserId(Condition):
    """The KAZOO user that owns the calling device; any user of the account when no list is given."""

    test: Literal["user_id"]
    one_of: Annotated[frozenset[str], Form("kazoo_ids"), Length(1, 1_000)] | None = None


@dataclass(frozen=True, kw_only=True)
class Device(Condition):
    """The SIP username the calling device registers with."""

    test: Literal["device"]
    one_of: OneOf


@dataclass(frozen=True, kw_only=True)
class FromRealm(Condition):
    """The realm of the caller's SIP address."""

    test: Literal["from_realm"]
    one_of: OneOf


@dataclass(frozen=True, kw_only=True)
class Query(Condition):
    """A parameter of the voice_url."""

    test: Literal["query"]
    name: ValueName
    one_of: OneOf | None = None


@dataclass(frozen=True, kw_only=True)
class Variable(Condition):
    """A custom application variable of the call. On KAZOO 4.3 only those set before the callflow began
    arrive."""

    test: Literal["variable"]
    name: ValueName
    one_of: OneOf | None = None


@dataclass(frozen=True, kw_only=True)
class SipHeader(Condition):
    """A SIP header, or one element of a header that is a list."""

    test: Literal["sip_header"]
    name: ValueName
    one_of: OneOf | None = None
    contains: ShortText | None = None
    prefix: ShortText | None = None


@dataclass(frozen=True, kw_only=True)
class Value(Condition):
    """Any value, written with placeholders: `{call.digits}`, `{account.plan}`, `{state.order}`,
    `{lookup.crm.tier}`.

    A value that is missing meets no comparison. Without any comparison it is asked whether there is one.
    """

    test: Literal["value"]
    value: Annotated[str, Fillable(), Length(1, 200)]
    one_of: OneOf | None = None
    contains: ShortText | None = None
    prefix: ShortText | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, kw_only=True)
class LookUp(Condition):
    """What an HTTP source answers about the call; `path` leads into its JSON (`customer.tier`).

    The source is described by a parameter of the deployment. A source that does not answer meets nothing.
    """

    test: Literal["look_up"]
    source: Name
    path: Annotated[str, Pattern(r"[A-Za-z0-9_.-]{1,100}", "a dotted path, like customer.tier")]
    one_of: OneOf | None = None
    contains: ShortText | None = None
    prefix: ShortText | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, kw_only=True)
class BalanceAtLeast(Condition):
    """The caller's account may spend at least this much; an unknown balance is not enough."""

    test: Literal["balance"]
    at_least: Money


@dataclass(frozen=True, kw_only=True)
class TimeOfDay(Condition):
    """The time of day, in spans like `09:00-17:30` of the document's or another time zone."""

    test: Literal["time"]
    spans: Annotated[Spans, Length(1, 20)]
    time_zone: TimeZone | None = None


@dataclass(frozen=True, kw_only=True)
class Weekday(Condition):
    """The day of the week, as `mon-fri` or `sat,sun`; `nth` is which one of the month, -1 the last."""

    test: Literal["weekday"]
    days: Annotated[str, Form("weekdays")]
    nth: Annotated[int, Form("nth")] | None = None
    time_zone: TimeZone | None = None


@dataclass(frozen=True, kw_only=True)
class Dates(Condition):
    """A span of days, both included: of one year (`2026-12-24`) or of every year (`12-24`)."""

    test: Literal["dates"]
    first: Day
    last: Day
    time_zone: TimeZone | None = None


@dataclass(frozen=True, kw_only=True)
class Within(Condition):
    """From one moment until another; either may be left out.

    `from: 2026-11-27, until: "2026-11-29T18:00"`.
    """

    test: Literal["moment"]
    from_: Moment | None = None
    until: Moment | None = None
    time_zone: TimeZone | None = None


@dataclass(frozen=True, kw_only=True)
class Holiday(Condition):
    """A public holiday of a country or of one of its states."""

    test: Literal["holiday"]
    country: Country
    subdivision: Annotated[str, Length(1, 40)] | None = None
    days: Annotated[frozenset[str], Computed()] = frozenset()
    time_zone: TimeZone | None = None


@dataclass(frozen=True, kw_only=True)
class Opening(Condition):
    """The state of one of the document's schedules."""

    test: Literal["schedule"]
    schedule: Name
    is_: State = "open"


@dataclass(frozen=True, kw_only=True)
class Share(Condition):
    """A percentage of the callers, the same ones every time: by a hash of `split` and the caller's number.

    Conditions of the same `split` share one hash, so percent 20 is part of percent 50.
    """

    test: Literal["share"]
    percent: Annotated[float, Between(0, 100)]
    split: ValueName = "split"


@dataclass(frozen=True, kw_only=True)
class AnyOf(Condition):
    """At least one of several conditions holds."""

    test: Literal["any"]
    of: Annotated[tuple[AnyCondition, ...], Length(1, 50)]


@dataclass(frozen=True, kw_only=True)
class AllOf(Condition):
    """Every one of several conditions holds."""

    test: Literal["all"]
    of: Annotated[tuple[AnyCondition, ...], Length(1, 50)]


@dataclass(frozen=True, kw_only=True)
class Not(Condition):
    """A condition does not hold."""

    test: Literal["not"]
    of: AnyCondition


AnyCondition: TypeAlias = Annotated[
    Union[  # noqa: UP007 - forward references inside need the old spelling
        CallerNumber,
        CallerPrefix,
        CallerCountry,
        CallerType,
        CallerName,
        Withheld,
        ForwardedBy,
        Dialled,
        DialledPrefix,
        SpokenLanguage,
        KnownCaller,
        CallerAttribute,
        UserId,
        Device,
        FromRealm,
        Query,
        Variable,
        SipHeader,
        Value,
        LookUp,
        BalanceAtLeast,
        TimeOfDay,
        Weekday,
        Dates,
        Within,
        Holiday,
        Opening,
        Share,
        AnyOf,
        AllOf,
        Not,
    ],
    Tagged("test"),
    Form("condition"),
]
