"""The field types documents are made of, for documents of other kinds."""

from menus._actions import KazooId, MenuName, Money, PhoneNumber
from menus._schedule import WEEKDAYS, State, TimeZone, check_country
from menus._texts import FILLED_CHARACTERS, TTS_CHARACTERS, Media, Strict, Text, check_language, places

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
