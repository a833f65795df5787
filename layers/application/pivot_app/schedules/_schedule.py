"""Opening hours: weekly times in a time zone, public holidays, and days that differ."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from pivot_app.documents._fields import Strict, thorough
from pivot_app.schedules._hours import is_holiday, parse_days, parse_span


def check_time_zone(name: str) -> str:
    """Return `name` if the time zone database has it."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; use a name like America/New_York") from None
    return name


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
