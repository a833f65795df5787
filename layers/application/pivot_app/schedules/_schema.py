"""Opening hours: weekly times in a time zone, public holidays, and days that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from pivot_app.documents import Computed, Day, Form, Length, Record, TimeZone
from pivot_app.lazy_dataclass import dataclass

Country = Annotated[str, Form("country")]
Spans = Annotated[tuple[str, ...], Form("spans")]
"""Spans of time: `09:00-17:30`, or a list of them."""


@dataclass(frozen=True, kw_only=True)
class PublicHolidays(Record):
    """The public holidays of a country, or of one of its states.

    A subdivision is its code or its name (`BY`, `Bavaria`). A push stores the days of the coming years with
    the document.
    """

    country: Country
    subdivision: Annotated[str, Length(1, 40)] | None = None
    days: Annotated[frozenset[str], Computed()] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Schedule(Record):
    """When a business is open.

    A day under `closed` or a public holiday counts as holiday, a day under `special` has its own hours and
    wins over both. Days that `weekly` leaves out are closed. Days may be of one year (`2026-12-24`) or of
    every year (`12-24`).
    """

    time_zone: TimeZone
    weekly: Annotated[Mapping[str, Spans], Form("weekly")]
    holidays: PublicHolidays | None = None
    closed: Annotated[tuple[Day, ...], Length(0, 400)] = ()
    special: Annotated[Mapping[Day, Spans], Length(0, 400)] = field(default_factory=dict)
