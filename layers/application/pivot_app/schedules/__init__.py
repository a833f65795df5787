"""Opening hours and holidays. A call asks `state`; everything else serves documents."""

from pivot_app.schedules._hours import WEEKDAYS, State, is_day, parse_days, parse_span, state, within
from pivot_app.schedules._schema import Country, PublicHolidays, Schedule, Spans

__all__ = [
    "WEEKDAYS",
    "Country",
    "PublicHolidays",
    "Schedule",
    "Spans",
    "State",
    "is_day",
    "parse_days",
    "parse_span",
    "state",
    "within",
]
