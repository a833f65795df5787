"""When a business is open: what calls ask of a schedule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pivot_app.schedules._schema import Schedule

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
State = Literal["open", "closed", "holiday"]

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")
_DAY_MINUTES = 24 * 60


@lru_cache(maxsize=1024)
def parse_span(span: str) -> tuple[int, int]:
    """Return (first, last) minute of the day of `09:00-17:30`; the last minute is not included.

    ValueError says how a span is written.
    """
    match = _SPAN.fullmatch(span)
    if not match:
        hint = "; the end of a day is 24:00" if "23:59" in span or "00:00" in span[1:] else ""
        raise ValueError(f"{span!r} is not a span of time; write it like 09:00-17:30, in 24 hours{hint}")
    first, last = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if last > _DAY_MINUTES:
        raise ValueError(f"{span!r} ends after the day does; 24:00 is the last possible end")
    if last == 0:
        raise ValueError(f"{span!r} ends at the day's first minute; write the end of a day as 24:00")
    if first >= last:
        raise ValueError(
            f"{span!r} ends before it begins; split a night at midnight: 22:00-24:00 and 00:00-06:00"
        )
    return first, last


@lru_cache(maxsize=256)
def parse_days(days: str) -> tuple[str, ...]:
    """Return the weekdays of `mon`, `mon-fri` or `sat,sun`; ValueError says how they are written."""
    found: list[str] = []
    for piece in days.lower().replace(" ", "").split(","):
        first, _, last = piece.partition("-")
        last = last or first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise ValueError(f"{piece!r} names no weekday; use {', '.join(WEEKDAYS)} or a range like mon-fri")
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        if begin > end:
            raise ValueError(f"{piece!r} runs backwards; name the days one by one: {first},{last}")
        found.extend(WEEKDAYS[begin : end + 1])
    return tuple(found)


def state(schedule: Schedule, now: datetime) -> State:
    """Return whether the business is open at `now` (any aware datetime)."""
    local = now.astimezone(ZoneInfo(schedule.time_zone))
    today = local.date()
    for day, spans in schedule.special.items():
        if is_day(day, today):
            return "open" if within(spans, local.time()) else "closed"
    if any(is_day(day, today) for day in schedule.closed):
        return "holiday"
    if schedule.holidays is not None and today.isoformat() in schedule.holidays.days:
        return "holiday"
    return "open" if within(schedule.weekly.get(WEEKDAYS[local.weekday()], ()), local.time()) else "closed"


def is_day(day: str, today: date) -> bool:
    """Return whether today is `2026-12-24`, or `12-24` of any year."""
    return today.isoformat().endswith(day)


def within(spans: Iterable[str], at: time) -> bool:
    """Return whether a time of day lies in one of the spans."""
    minute = at.hour * 60 + at.minute
    return any(first <= minute < last for first, last in map(parse_span, spans))
