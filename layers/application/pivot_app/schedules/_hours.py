"""When a business is open, and which days are holidays: what calls ask of a schedule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pivot_app.schedules._schedule import Schedule

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
State = Literal["open", "closed", "holiday"]

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")


def parse_span(span: str) -> tuple[int, int]:
    """Return (first, last) minute of the day of `09:00-17:30`; the last minute is not included."""
    match = _SPAN.fullmatch(span)
    if not match:
        raise ValueError(f"{span!r} is no span of time; write it like 09:00-17:30, in 24 hours")
    first, last = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if last > 24 * 60:
        raise ValueError(f"{span!r} ends after the day does; 24:00 is the last possible end")
    if first >= last:
        raise ValueError(
            f"{span!r} ends before it begins; split a night at midnight: 22:00-24:00 and 00:00-06:00"
        )
    return first, last


def parse_days(days: str) -> list[str]:
    """Return the weekdays of `mon`, `mon-fri` or `sat,sun`."""
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
    return found


def state(schedule: Schedule, now: datetime) -> State:
    """Return whether the business is open at `now` (any aware datetime)."""
    local = now.astimezone(ZoneInfo(schedule.time_zone))
    # Days are dates in a document and text in the database.
    today = str(local.date())
    for day, spans in schedule.special.items():
        if str(day) == today:
            return "open" if within(spans, local.time()) else "closed"
    if today in map(str, schedule.closed):
        return "holiday"
    if schedule.holidays and is_holiday(
        schedule.holidays.country, schedule.holidays.subdivision, local.date()
    ):
        return "holiday"
    return "open" if within(schedule.weekly.get(WEEKDAYS[local.weekday()], []), local.time()) else "closed"


def within(spans: Iterable[str], at: time) -> bool:
    """Return whether a time of day lies in one of the spans."""
    minute = at.hour * 60 + at.minute
    return any(first <= minute < last for first, last in map(parse_span, spans))


@lru_cache(maxsize=512)
def is_holiday(country: str, subdivision: str | None, day: date) -> bool:
    """Return whether `day` is a public holiday there; ValueError when the country or state is unknown."""
    # Imported on first use: it costs more than everything else here together, and few documents ask for
    # holidays.
    import holidays

    try:
        return day in holidays.country_holidays(country, subdiv=subdivision, years=day.year)
    except NotImplementedError:
        place = f"{country}-{subdivision}" if subdivision else country
        raise ValueError(f"no public holidays are known for {place}") from None
