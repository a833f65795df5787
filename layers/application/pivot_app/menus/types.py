"""The field types documents are made of, for documents of other kinds."""

from pivot_app.actions._actions import KazooId, MenuName, Money, PhoneNumber
from pivot_app.documents._fields import Media, Strict, Text, check_language
from pivot_app.documents._texts import FILLED_CHARACTERS, TTS_CHARACTERS, places
from pivot_app.schedules._hours import WEEKDAYS, State
from pivot_app.schedules._schedule import TimeZone, check_country

__all__ = [
    "FILLED_CHARACTERS",
    "TTS_CHARACTERS",
    "WEEKDAYS",
    "KazooId",
    "Media",
    "MenuName",
    "Money",
    "PhoneNumber",
    "State",
    "Strict",
    "Text",
    "TimeZone",
    "check_country",
    "check_language",
    "places",
]
