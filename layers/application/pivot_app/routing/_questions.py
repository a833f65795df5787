"""How rules are decided: for every kind of condition, whether it holds for a call, and in words why not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pivot_app.menus import WEEKDAYS, is_holiday, micros, parse_days, state, within
from pivot_app.routing._facts import Facts

if TYPE_CHECKING:
    from pivot_app.menus import Schedule
    from pivot_app.routing import _conditions as conditions
    from pivot_app.routing._conditions import Condition


@dataclass(frozen=True, slots=True)
class Scene:
    """A call among the settings of the document its rules stand in."""

    facts: Facts
    time_zone: str
    schedules: Mapping[str, Schedule]


def holds(condition: Condition, scene: Scene) -> bool:
    """Whether the call meets a condition."""
    return _HOLDS[condition.test](condition, scene)


def miss(condition: Condition, scene: Scene) -> str:
    """Why the call does not meet a condition, in a few words; only asked when it does not."""
    return _MISS[condition.test](condition, scene)


# Whether it holds


def _caller_number(asked: conditions.CallerNumber, scene: Scene) -> bool:
    return scene.facts.caller_number in asked.one_of or scene.facts.caller_e164 in asked.one_of


def _caller_prefix(asked: conditions.CallerPrefix, scene: Scene) -> bool:
    return scene.facts.caller_e164.startswith(tuple(asked.one_of))


def _dialled_prefix(asked: conditions.DialledPrefix, scene: Scene) -> bool:
    return scene.facts.dialled.startswith(tuple(asked.one_of))


def _named(value: Callable[[str, Scene], str | None]) -> Callable[[Any, Scene], bool]:
    """A value that has a name: one of a list, or there at all when there is no list."""

    def held(asked: Any, scene: Scene) -> bool:
        found = value(asked.name, scene)
        return found is not None and (asked.one_of is None or found in asked.one_of)

    return held


def _attribute(name: str, scene: Scene) -> str | None:
    caller = scene.facts.caller
    return None if caller is None else _word(caller.attributes.get(name))


def _variable(name: str, scene: Scene) -> str | None:
    return _word(scene.facts.variables.get(name))


def _sip_header(name: str, scene: Scene) -> str | None:
    return scene.facts.header(name)


def _balance(asked: conditions.BalanceAtLeast, scene: Scene) -> bool:
    available = scene.facts.available_micros
    return available is not None and available >= micros(asked.at_least)


def _local(asked: Any, scene: Scene) -> datetime:
    return scene.facts.local(asked.time_zone or scene.time_zone)


def _time(asked: conditions.TimeOfDay, scene: Scene) -> bool:
    return within(asked.spans, _local(asked, scene).time())


def _weekday(asked: conditions.Weekday, scene: Scene) -> bool:
    return WEEKDAYS[_local(asked, scene).weekday()] in parse_days(asked.days)


def _dates(asked: conditions.Dates, scene: Scene) -> bool:
    # Days are dates in a document and text in the database; both read the same, and sort alike.
    return str(asked.first) <= str(_local(asked, scene).date()) <= str(asked.last)


def _holiday(asked: conditions.Holiday, scene: Scene) -> bool:
    return is_holiday(asked.country, asked.subdivision, _local(asked, scene).date())


def _schedule(asked: conditions.Opening, scene: Scene) -> bool:
    return state(scene.schedules[asked.schedule], scene.facts.now) == asked.is_


def _percent(asked: conditions.Share, scene: Scene) -> float:
    """Where the caller stands between 0 and 100: always in the same place of the same split."""
    caller = scene.facts.caller_e164 or scene.facts.caller_number
    digest = hashlib.sha256(f"{asked.split}\n{caller}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 * 100


_HOLDS: dict[str, Callable[[Any, Scene], bool]] = {
    "caller_number": _caller_number,
    "caller_prefix": _caller_prefix,
    "caller_country": lambda asked, scene: scene.facts.caller_country in asked.one_of,
    "caller_type": lambda asked, scene: scene.facts.caller_type in asked.one_of,
    "dialled": lambda asked, scene: scene.facts.dialled in asked.one_of,
    "dialled_prefix": _dialled_prefix,
    "language": lambda asked, scene: scene.facts.spoken_language in asked.one_of,
    "known_caller": lambda _asked, scene: scene.facts.caller is not None,
    "caller_attribute": _named(_attribute),
    "variable": _named(_variable),
    "sip_header": _named(_sip_header),
    "balance": _balance,
    "time": _time,
    "weekday": _weekday,
    "dates": _dates,
    "holiday": _holiday,
    "schedule": _schedule,
    "share": lambda asked, scene: _percent(asked, scene) < asked.percent,
    "any": lambda asked, scene: any(holds(each, scene) for each in asked.of),
    "not": lambda asked, scene: not holds(asked.of, scene),
}


# Why it does not


def _is_not(fact: str) -> Callable[[Any, Scene], str]:
    def why(asked: Any, scene: Scene) -> str:
        return f"{fact} is {getattr(scene.facts, fact) or 'unknown'}, not {_some(asked.one_of)}"

    return why


def _does_not_begin(fact: str) -> Callable[[Any, Scene], str]:
    def why(asked: Any, scene: Scene) -> str:
        return f"{fact} {getattr(scene.facts, fact) or 'unknown'} does not begin with {_some(asked.one_of)}"

    return why


def _no_such(what: str, value: Callable[[str, Scene], str | None]) -> Callable[[Any, Scene], str]:
    def why(asked: Any, scene: Scene) -> str:
        found = value(asked.name, scene)
        if found is None or asked.one_of is None:
            return f"there is no {what} {asked.name}"
        return f"{what} {asked.name} is {found[:40]!r}, not {_some(asked.one_of)}"

    return why


def _not_enough(asked: conditions.BalanceAtLeast, scene: Scene) -> str:
    available = scene.facts.available_micros
    if available is None:
        return "no balance is known"
    return f"{available / 1e6:.2f} is available, not {asked.at_least}"


_MISS: dict[str, Callable[[Any, Scene], str]] = {
    "caller_number": _is_not("caller_number"),
    "caller_prefix": _does_not_begin("caller_e164"),
    "caller_country": _is_not("caller_country"),
    "caller_type": _is_not("caller_type"),
    "dialled": _is_not("dialled"),
    "dialled_prefix": _does_not_begin("dialled"),
    "language": _is_not("spoken_language"),
    "known_caller": lambda _asked, _scene: "the caller is not known",
    "caller_attribute": _no_such("attribute", _attribute),
    "variable": _no_such("variable", _variable),
    "sip_header": _no_such("SIP header", _sip_header),
    "balance": _not_enough,
    "time": lambda asked, scene: f"it is {_local(asked, scene):%H:%M}, not within {_some(asked.spans)}",
    "weekday": lambda asked, scene: f"it is {WEEKDAYS[_local(asked, scene).weekday()]}, not {asked.days}",
    "dates": lambda asked, scene: (
        f"it is {_local(asked, scene).date()}, not within {asked.first} to {asked.last}"
    ),
    "holiday": lambda asked, scene: f"{_local(asked, scene).date()} is no public holiday in {asked.country}",
    "schedule": lambda asked, scene: (
        f"{asked.schedule} is {state(scene.schedules[asked.schedule], scene.facts.now)}, not {asked.is_}"
    ),
    "share": lambda asked, scene: (
        f"the caller is at {_percent(asked, scene):.1f} of 100 in {asked.split}, not below {asked.percent:g}"
    ),
    "any": lambda asked, scene: "none holds: " + "; ".join(miss(each, scene) for each in asked.of),
    "not": lambda asked, _scene: f"{asked.of.test} holds",
}


def _some(values: Iterable[object]) -> str:
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
