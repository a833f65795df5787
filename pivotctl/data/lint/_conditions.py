"""Finds conditions that can never hold, and holidays of single regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pivot_app.conditions import Condition
from pivot_app.schedules import PublicHolidays, parse_days, parse_span
from pivotctl.data._holidays import differing_subdivisions
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import MenuDocument, RoutingDocument
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath, unknown_name

_PASSED_ON = ("x-", "p-")
_ALSO_PASSED = frozenset({"diversions", "diversion", "history-info", "referred-by", "privacy"})
_E164_DIGITS = 10


def conditions(document: MenuDocument | RoutingDocument) -> Iterator[Diagnostic]:
    """Yield what is wrong with the conditions and schedules of a document."""
    for place, value in walk_values(document):
        if isinstance(value, Condition):
            check = _CHECKS.get(value.test)
            message = check(value) if check is not None else None
            if message:
                yield Diagnostic(place, "warning", message)
        name = getattr(value, "schedule", None)
        if isinstance(name, str) and name not in document.schedules:
            yield Diagnostic(
                (*place, "schedule"), "error", unknown_name("schedule", name, document.schedules)
            )
        if isinstance(value, str) and value.endswith("-23:59"):
            message = f"{value} leaves out the last minute of the day; write its end as 24:00"
            yield Diagnostic(place, "warning", message)
        if isinstance(value, PublicHolidays) or getattr(value, "test", "") == "holiday":
            yield from _holidays(place, value)
        if isinstance(value, tuple) and value and all(isinstance(each, Condition) for each in value):
            yield from _contradictions(place, value)


def _holidays(place: DocumentPath, value: Any) -> Iterator[Diagnostic]:
    if value.subdivision is not None:
        return
    extra = differing_subdivisions(value.country)
    if extra:
        name, codes = max(extra.items(), key=lambda each: len(each[1]))
        shown = ", ".join(sorted(codes)[:8]) + (" ..." if len(codes) > 8 else "")
        everywhere = sorted({code for each in extra.values() for code in each})
        message = (
            f"{len(extra)} holidays of {value.country} are kept in some subdivisions only ({name}: {shown}); "
            f"name one if it is yours: {', '.join(everywhere[:40])}"
        )
        yield Diagnostic((*place, "country"), "warning", message)


def _language(condition: Any) -> str | None:
    long = [each for each in condition.one_of if len(each) != 2 or each != each.lower()]
    return (
        f"{long[0]!r} never matches: languages are compared by two small letters, like en" if long else None
    )


def _truth(condition: Any) -> str | None:
    words = [each for each in condition.one_of or () if each.casefold() in ("true", "false")]
    return f"{words[0]!r} never matches: true is compared as yes and false as no" if words else None


def _numbers(condition: Any) -> str | None:
    for each in condition.one_of:
        if each.isdigit() and len(each) >= _E164_DIGITS:
            return f"{each!r} has no plus: numbers are compared in E.164, like +{each.lstrip('0')}"
        if each.isalpha():
            return f"{each!r} is one of many spellings of a hidden number; ask {{test: withheld}} instead"
    return None


def _header(condition: Any) -> str | None:
    name = condition.name.lower()
    if name.startswith(_PASSED_ON) or name in _ALSO_PASSED:
        return None
    return f"KAZOO passes on headers that begin with X- or P- and Diversions, not {condition.name}"


def _dates(condition: Any) -> str | None:
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    if len(condition.last) == len(yesterday) and condition.last < yesterday:
        return f"{condition.last} is over, so this never holds again; write days of every year as 12-24"
    return None


def _moment(condition: Any) -> str | None:
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    if condition.until is not None and condition.until < yesterday:
        return f"{condition.until} is over, so this never holds again"
    return None


def _share(condition: Any) -> str | None:
    return "0 percent matches no caller" if condition.percent == 0 else None


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "language": _language,
    "caller_attribute": _truth,
    "variable": _truth,
    "caller_number": _numbers,
    "sip_header": _header,
    "dates": _dates,
    "moment": _moment,
    "share": _share,
}


def _contradictions(place: DocumentPath, together: tuple[Any, ...]) -> Iterator[Diagnostic]:
    """Two conditions that must hold together and cannot."""
    if place and place[-1] == "of":
        return
    for index, one in enumerate(together):
        for other in together[:index]:
            if _exclude(one, other):
                message = f"{one.test} and the {other.test} before it can never hold together"
                yield Diagnostic((*place, index), "warning", message)
                break


def _exclude(one: Any, other: Any) -> bool:
    if "not" in (one.test, other.test):
        negated, plain = (one, other) if one.test == "not" else (other, one)
        return bool(negated.of == plain)
    if one.test != other.test:
        return _by_type(one, other) or _by_type(other, one)
    if getattr(one, "time_zone", None) != getattr(other, "time_zone", None):
        return False
    match one.test:
        case "caller_number" | "dialled" | "caller_country" | "language" | "caller_type" | "device":
            return not set(one.one_of) & set(other.one_of)
        case "caller_attribute" | "query":
            both = one.one_of is not None and other.one_of is not None
            return bool(one.name == other.name and both and not set(one.one_of) & set(other.one_of))
        case "weekday":
            return not set(parse_days(one.days)) & set(parse_days(other.days))
        case "time":
            spans = [(parse_span(a), parse_span(b)) for a in one.spans for b in other.spans]
            return not any(a[0] < b[1] and b[0] < a[1] for a, b in spans)
        case "schedule":
            return bool(one.schedule == other.schedule and one.is_ != other.is_)
        case "dates":
            same = len(one.first) == len(other.first)
            ordered = one.first <= one.last and other.first <= other.last
            return bool(same and ordered and (one.last < other.first or other.last < one.first))
        case _:
            return False


def _by_type(one: Any, other: Any) -> bool:
    """Return whether a fact of another kind rules a condition out."""
    if one.test == "withheld":
        return other.test in ("caller_prefix", "caller_country") or (
            other.test == "caller_type" and "unknown" not in other.one_of
        )
    if one.test == "caller_number" and other.test == "caller_prefix":
        return all(each.startswith("+") and not each.startswith(tuple(other.one_of)) for each in one.one_of)
    if one.test == "dialled" and other.test == "dialled_prefix":
        return not any(each.startswith(tuple(other.one_of)) for each in one.one_of)
    return False
