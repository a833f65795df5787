"""Opening hours: weekly times in a time zone, public holidays, and days that differ."""

from __future__ import annotations

import itertools
import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from menus._texts import Strict, thorough

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
State = Literal["open", "closed", "holiday"]

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")


def check_time_zone(name: str) -> str:
    """Return `name` if the time zone database has it."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; use a name like America/New_York") from None
    return name


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


def _as_weekly(value: Any) -> Any:
    """Expand `mon-fri: 09:00-17:00` to one entry for each day."""
    if not isinstance(value, dict):
        return value
    weekly: dict[str, list[str]] = {}
    for days, spans in value.items():
        for day in parse_days(str(days)):
            if day in weekly:
                raise ValueError(f"{day} is given twice; name every day once")
            weekly[day] = [spans] if isinstance(spans, str) else spans
    return weekly


def _check_weekly(weekly: dict[str, list[str]]) -> dict[str, list[str]]:
    for day, spans in weekly.items():
        ordered = sorted(parse_span(span) for span in spans)
        for (_, end), (begin, _) in itertools.pairwise(ordered):
            if begin < end:
                raise ValueError(f"the spans of {day} overlap; join them")
    return weekly


def check_country(country: str) -> str:
    """Return `country` if it is written as ISO 3166 does."""
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise ValueError(f"{country!r} is no country; use its two capital letters, like US")
    return country


TimeZone = Annotated[str, AfterValidator(check_time_zone)]
Weekly = Annotated[dict[str, list[str]], BeforeValidator(_as_weekly), AfterValidator(_check_weekly)]


class PublicHolidays(Strict):
    """The public holidays of a country, or of one of its states."""

    country: Annotated[str, AfterValidator(check_country)]
    subdivision: str | None = Field(None, max_length=10)

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> PublicHolidays:
        if thorough(info):
            is_holiday(self.country, self.subdivision, date(2026, 1, 1))
        return self


class Schedule(Strict):
    """When a business is open.

    A date under `closed` or a public holiday counts as holiday, a date under `special` has its own hours and
    wins over both. Days that `weekly` leaves out are closed.
    """

    time_zone: TimeZone
    weekly: Weekly
    holidays: PublicHolidays | None = None
    closed: list[date] = Field(default_factory=list, max_length=400)
    special: dict[date, list[str]] = Field(default_factory=dict, max_length=400)

    @model_validator(mode="after")
    def _spans(self) -> Schedule:
        for spans in self.special.values():
            for span in spans:
                parse_span(span)
        return self

    def state(self, now: datetime) -> State:
        """Return whether the business is open at `now` (any aware datetime)."""
        local = now.astimezone(ZoneInfo(self.time_zone))
        today = local.date()
        if today in self.special:
            return "open" if _within(self.special[today], local.time()) else "closed"
        if today in self.closed:
            return "holiday"
        if self.holidays and is_holiday(self.holidays.country, self.holidays.subdivision, today):
            return "holiday"
        spans = self.weekly.get(WEEKDAYS[local.weekday()], [])
        return "open" if _within(spans, local.time()) else "closed"


def _within(spans: list[str], at: time) -> bool:
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
