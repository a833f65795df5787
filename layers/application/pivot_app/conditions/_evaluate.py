"""Evaluates conditions: whether each holds for a call, and in words why it does not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pivot_app.conditions._attributes import CallAttributes
from pivot_app.documents import Values, fill, parse_amount
from pivot_app.lazy_dataclass import dataclass
from pivot_app.schedules import WEEKDAYS, parse_days, state, within

if TYPE_CHECKING:
    from pivot_app.conditions import _schema as schema
    from pivot_app.conditions._schema import Condition
    from pivot_app.schedules import Schedule


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """A call, with the settings of the document that contains its conditions."""

    attributes: CallAttributes
    time_zone: str
    schedules: Mapping[str, Schedule]
    own_value: Values | None = None

    def value(self, name: str) -> str | None:
        """Return the value of a placeholder: of the action that asks, or of the call."""
        attributes = self.attributes
        return (self.own_value or attributes.value)(name, attributes.language or "en")


def matches(condition: Condition, context: EvaluationContext) -> bool:
    """Return whether the call meets a condition."""
    return _MATCHES[condition.test](condition, context)


def first_mismatch(conditions: Sequence[Condition], context: EvaluationContext) -> Condition | None:
    """Return the first condition that does not hold; None when all of them hold."""
    for condition in conditions:
        if not _MATCHES[condition.test](condition, context):
            return condition
    return None


def why_not(conditions: Sequence[Condition], context: EvaluationContext) -> str | None:
    """Return why the first condition that does not hold does not; None when all of them hold."""
    condition = first_mismatch(conditions, context)
    return None if condition is None else explain_mismatch(condition, context)


def explain_mismatch(condition: Condition, context: EvaluationContext) -> str:
    """Return in a few words why the call does not meet a condition; only asked when it does not."""
    return _EXPLAIN[condition.test](condition, context)


# Whether it holds


def _caller_number(asked: schema.CallerNumber, context: EvaluationContext) -> bool:
    attributes = context.attributes
    return attributes.caller_number in asked.one_of or attributes.caller_e164 in asked.one_of


def _compared(asked: Any, values: Iterable[str], *, fold: bool = False) -> bool:
    """Whether one of the values meets every comparison that was asked for; any value where none was."""
    comparisons: list[Callable[[str], bool]] = []
    ready: Callable[[str], str] = str.casefold if fold else str
    if asked.one_of is not None:
        listed = {ready(each) for each in asked.one_of} if fold else asked.one_of
        comparisons.append(lambda value: value in listed)
    if (contains := getattr(asked, "contains", None)) is not None:
        comparisons.append(lambda value: ready(contains) in value)
    if (prefix := getattr(asked, "prefix", None)) is not None:
        comparisons.append(lambda value: value.startswith(ready(prefix)))
    if (least := getattr(asked, "at_least", None)) is not None:
        comparisons.append(lambda value: (number := _number(value)) is not None and number >= least)
    if (most := getattr(asked, "at_most", None)) is not None:
        comparisons.append(lambda value: (number := _number(value)) is not None and number <= most)
    return any(all(compare(ready(value)) for compare in comparisons) for value in values)


def _number(value: str) -> float | None:
    try:
        return float(value.replace(",", ""))
    except ValueError:
        return None


def _among(values: Callable[[Any, EvaluationContext], Iterable[str]]) -> Callable[[Any, Any], bool]:
    return lambda asked, context: _compared(asked, values(asked, context))


def _caller_names(_asked: Any, context: EvaluationContext) -> Iterator[str]:
    if context.attributes.caller_name:
        yield context.attributes.caller_name


def _attribute(asked: Any, context: EvaluationContext) -> Iterator[str]:
    caller = context.attributes.caller
    if caller is not None:
        yield from _words(caller.attributes.get(asked.name))


def _variable(asked: Any, context: EvaluationContext) -> Iterator[str]:
    yield from _words(context.attributes.variables.get(asked.name))


def _query(asked: Any, context: EvaluationContext) -> Iterator[str]:
    yield from _words(context.attributes.query.get(asked.name))


def _sip_header(asked: Any, context: EvaluationContext) -> Iterator[str]:
    yield from context.attributes.header_values(asked.name)


def _value(asked: schema.Value, context: EvaluationContext) -> Iterator[str]:
    filled = fill(asked.value, "en", lambda name, _language: context.value(name), spoken=False)
    if filled:
        yield filled


def _look_up(asked: schema.LookUp, context: EvaluationContext) -> Iterator[str]:
    found = context.value(f"lookup.{asked.source}.{asked.path}")
    if found:
        yield found


def _balance(asked: schema.BalanceAtLeast, context: EvaluationContext) -> bool:
    available = context.attributes.available_micros
    return available is not None and available >= parse_amount(asked.at_least)


def _local(asked: Any, context: EvaluationContext) -> datetime:
    return context.attributes.local(asked.time_zone or context.time_zone)


def _weekday(asked: schema.Weekday, context: EvaluationContext) -> bool:
    local = _local(asked, context)
    if WEEKDAYS[local.weekday()] not in parse_days(asked.days):
        return False
    if asked.nth is None:
        return True
    if asked.nth > 0:
        return (local.day - 1) // 7 + 1 == asked.nth
    # From the end of the month: -1 is the last such weekday.
    days_left: int = (_first_of_next_month(local) - local.date()).days - 1
    return days_left // 7 + 1 == -asked.nth


def _first_of_next_month(local: datetime) -> date:
    return (local.date().replace(day=1) + timedelta(days=32)).replace(day=1)


def _dates(asked: schema.Dates, context: EvaluationContext) -> bool:
    today = _local(asked, context).date().isoformat()
    if len(asked.first) == len(today):
        return asked.first <= today <= asked.last
    day = today[-len(asked.first) :]
    if asked.first <= asked.last:
        return asked.first <= day <= asked.last
    # A span over New Year: 12-24 to 01-06.
    return day >= asked.first or day <= asked.last


def _moment(asked: schema.Within, context: EvaluationContext) -> bool:
    now, zone = context.attributes.now, ZoneInfo(asked.time_zone or context.time_zone)
    if asked.from_ is not None and now < _instant(asked.from_, zone):
        return False
    return asked.until is None or now < _instant(asked.until, zone)


def _instant(moment: str, zone: ZoneInfo) -> datetime:
    instant = datetime.fromisoformat(moment)
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _holiday(asked: schema.Holiday, context: EvaluationContext) -> bool:
    return _local(asked, context).date().isoformat() in asked.days


def _schedule(asked: schema.Opening, context: EvaluationContext) -> bool:
    return state(context.schedules[asked.schedule], context.attributes.now) == asked.is_


def _percent(asked: schema.Share, context: EvaluationContext) -> float:
    """Return where the caller stands from 0 to below 100: always in the same place of the same split."""
    caller = context.attributes.caller_e164 or context.attributes.caller_number
    digest = hashlib.sha256(f"{asked.split}\n{caller}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48 * 100


_MATCHES: dict[str, Callable[[Any, EvaluationContext], bool]] = {
    "caller_number": _caller_number,
    "caller_prefix": lambda asked, context: context.attributes.caller_e164.startswith(tuple(asked.one_of)),
    "caller_country": lambda asked, context: context.attributes.caller_country in asked.one_of,
    "caller_type": lambda asked, context: context.attributes.caller_type in asked.one_of,
    "caller_name": lambda asked, context: _compared(asked, _caller_names(asked, context), fold=True),
    "withheld": lambda _asked, context: context.attributes.withheld,
    "forwarded_by": lambda asked, context: _compared(asked, context.attributes.forwarders),
    "dialled": lambda asked, context: context.attributes.dialled in asked.one_of,
    "dialled_prefix": lambda asked, context: context.attributes.dialled.startswith(tuple(asked.one_of)),
    "language": lambda asked, context: context.attributes.spoken_language in asked.one_of,
    "known_caller": lambda _asked, context: context.attributes.caller is not None,
    "caller_attribute": _among(_attribute),
    "user_id": lambda asked, context: _compared(asked, context.attributes.user_ids),
    "device": lambda asked, context: context.attributes.from_user in asked.one_of,
    "from_realm": lambda asked, context: context.attributes.from_realm in asked.one_of,
    "query": _among(_query),
    "variable": _among(_variable),
    "sip_header": _among(_sip_header),
    "value": _among(_value),
    "look_up": _among(_look_up),
    "balance": _balance,
    "time": lambda asked, context: within(asked.spans, _local(asked, context).time()),
    "weekday": _weekday,
    "dates": _dates,
    "moment": _moment,
    "holiday": _holiday,
    "schedule": _schedule,
    "share": lambda asked, context: _percent(asked, context) < asked.percent,
    "any": lambda asked, context: any(matches(each, context) for each in asked.of),
    "all": lambda asked, context: all(matches(each, context) for each in asked.of),
    "not": lambda asked, context: not matches(asked.of, context),
}


# Why it does not


def _is_not(attribute: str) -> Callable[[Any, EvaluationContext], str]:
    def why(asked: Any, context: EvaluationContext) -> str:
        found = getattr(context.attributes, attribute)
        return f"{attribute} is {found or 'unknown'}, not {_some(asked.one_of)}"

    return why


def _does_not_begin(attribute: str) -> Callable[[Any, EvaluationContext], str]:
    def why(asked: Any, context: EvaluationContext) -> str:
        found = getattr(context.attributes, attribute)
        return f"{attribute} {found or 'unknown'} does not begin with {_some(asked.one_of)}"

    return why


def _compares(
    what: Callable[[Any], str], values: Callable[[Any, EvaluationContext], Iterable[str]]
) -> Callable[[Any, EvaluationContext], str]:
    def why(asked: Any, context: EvaluationContext) -> str:
        found = list(values(asked, context))
        if not found:
            return f"there is no {what(asked)}"
        shown = ", ".join(repr(each[:40]) for each in found[:3])
        return f"{what(asked)} is {shown}, not {_wanted(asked)}"

    return why


def _wanted(asked: Any) -> str:
    parts = []
    if asked.one_of is not None:
        parts.append(_some(asked.one_of))
    for field, words in (
        ("contains", "something with"),
        ("prefix", "something that begins with"),
        ("at_least", "at least"),
        ("at_most", "at most"),
    ):
        wanted = getattr(asked, field, None)
        if wanted is not None:
            parts.append(f"{words} {wanted!r}")
    return " and ".join(parts)


def _not_enough(asked: schema.BalanceAtLeast, context: EvaluationContext) -> str:
    available = context.attributes.available_micros
    if available is None:
        return "no balance is known"
    return f"{available / 1e6:.2f} is available, not {asked.at_least}"


def _not_that_day(asked: schema.Weekday, context: EvaluationContext) -> str:
    local = _local(asked, context)
    if asked.nth is None:
        return f"it is {WEEKDAYS[local.weekday()]}, not {asked.days}"
    return (
        f"it is {WEEKDAYS[local.weekday()]} {local.date()}, not {asked.days} number {asked.nth} of the month"
    )


def _not_at_that_time(asked: schema.Within, context: EvaluationContext) -> str:
    local = _local(asked, context)
    parts = [f"from {asked.from_}"] if asked.from_ else []
    parts += [f"until {asked.until}"] if asked.until else []
    return f"it is {local:%Y-%m-%d %H:%M}, not {' '.join(parts)}"


def _first_that_fails(asked: Any, context: EvaluationContext) -> str:
    mismatch = first_mismatch(asked.of, context)
    return "not all hold" if mismatch is None else explain_mismatch(mismatch, context)


_EXPLAIN: dict[str, Callable[[Any, EvaluationContext], str]] = {
    "caller_number": _is_not("caller_number"),
    "caller_prefix": _does_not_begin("caller_e164"),
    "caller_country": _is_not("caller_country"),
    "caller_type": _is_not("caller_type"),
    "caller_name": _compares(lambda _asked: "caller's name", _caller_names),
    "withheld": lambda _asked, context: f"the caller shows the number {context.attributes.caller_number}",
    "forwarded_by": _compares(
        lambda _asked: "forwarding number", lambda _asked, context: context.attributes.forwarders
    ),
    "dialled": _is_not("dialled"),
    "dialled_prefix": _does_not_begin("dialled"),
    "language": _is_not("spoken_language"),
    "known_caller": lambda _asked, _context: "the caller is not known",
    "caller_attribute": _compares(lambda asked: f"attribute {asked.name}", _attribute),
    "user_id": _compares(lambda _asked: "user", lambda _asked, context: context.attributes.user_ids),
    "device": _is_not("from_user"),
    "from_realm": _is_not("from_realm"),
    "query": _compares(lambda asked: f"voice_url parameter {asked.name}", _query),
    "variable": _compares(lambda asked: f"variable {asked.name}", _variable),
    "sip_header": _compares(lambda asked: f"SIP header {asked.name}", _sip_header),
    "value": _compares(lambda asked: asked.value, _value),
    "look_up": _compares(lambda asked: f"answer of {asked.source} at {asked.path}", _look_up),
    "balance": _not_enough,
    "time": lambda asked, context: f"it is {_local(asked, context):%H:%M}, not within {_some(asked.spans)}",
    "weekday": _not_that_day,
    "dates": lambda asked, context: (
        f"it is {_local(asked, context).date()}, not within {asked.first} to {asked.last}"
    ),
    "moment": _not_at_that_time,
    "holiday": lambda asked, context: (
        f"{_local(asked, context).date()} is not a public holiday in {asked.country}"
    ),
    "schedule": lambda asked, context: (
        f"{asked.schedule} is {state(context.schedules[asked.schedule], context.attributes.now)}, "
        f"not {asked.is_}"
    ),
    "share": lambda asked, context: (
        f"the caller is at {_percent(asked, context):.1f} of 100 in {asked.split}, "
        f"not below {asked.percent:g}"
    ),
    "any": lambda asked, context: (
        "none holds: " + "; ".join(explain_mismatch(each, context) for each in asked.of)
    ),
    "all": _first_that_fails,
    "not": lambda asked, _context: f"{asked.of.test} holds",
}


def _some(values: Iterable[object]) -> str:
    """Return a few of the values, in order."""
    ordered = sorted(str(value) for value in values)
    return ", ".join(ordered[:3]) + (f" or {len(ordered) - 3} more" if len(ordered) > 3 else "")


def _words(value: Any) -> Iterator[str]:
    """Yield a value from outside as conditions compare it: yes and no for truth, a number in digits."""
    match value:
        case None | dict():
            return
        case list():
            for each in value:
                yield from _words(each)
        case bool():
            yield "yes" if value else "no"
        case _:
            yield str(value)
