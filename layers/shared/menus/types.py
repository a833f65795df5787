"""The field types documents are made of, for documents of other kinds."""

from menus._actions import KazooId, MenuName, Money, PhoneNumber
from menus._schedule import WEEKDAYS, State, TimeZone, check_country
from menus._texts import Media, Strict, Text, check_language

__all__ = [
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
]
