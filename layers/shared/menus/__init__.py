"""Menus as data: a document of prompts, keys and actions, versioned in DynamoDB, presented and answered step
by step.

`present_menu` and `respond` are what the functions `menu` and `menu_selection` do; `present` and `select` are
the pure decisions behind them. The models of documents are imported when they are used: calls do without
them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from menus._amounts import micros
from menus._calls import (
    KIND,
    SENSITIVE_COLLECTIONS,
    CallWorld,
    Documents,
    MenuError,
    documents,
    present_menu,
    respond,
)
from menus._engine import perform, present, select
from menus._findings import Finding, Place
from menus._hours import WEEKDAYS, State, is_holiday, parse_days, parse_span, state, within
from menus._people import Person
from menus._plain import plain
from menus._step import Step
from menus._store import DocumentError, DocumentStore, Head, PageCache, PushConflictError, Version
from menus._world import World

if TYPE_CHECKING:
    from menus._actions import (
        Action,
        AnyAction,
        Back,
        CheckPin,
        GoToMenu,
        MenuName,
        Repeat,
        SwitchLanguage,
        branches,
        walk,
    )
    from menus._document import Menu, MenuDocument, Page, Settings
    from menus._fields import Strict, Text, thorough
    from menus._schedule import Schedule, TimeZone

_MODELS = {
    **dict.fromkeys(
        (
            "Action",
            "AnyAction",
            "Back",
            "CheckPin",
            "GoToMenu",
            "MenuName",
            "Repeat",
            "SwitchLanguage",
            "branches",
            "walk",
        ),
        "menus._actions",
    ),
    **dict.fromkeys(("Menu", "MenuDocument", "Page", "Settings"), "menus._document"),
    **dict.fromkeys(("Strict", "Text", "thorough"), "menus._fields"),
    **dict.fromkeys(("Schedule", "TimeZone"), "menus._schedule"),
}

__all__ = [
    "KIND",
    "SENSITIVE_COLLECTIONS",
    "WEEKDAYS",
    "Action",
    "AnyAction",
    "Back",
    "CallWorld",
    "CheckPin",
    "DocumentError",
    "DocumentStore",
    "Documents",
    "Finding",
    "GoToMenu",
    "Head",
    "Menu",
    "MenuDocument",
    "MenuError",
    "MenuName",
    "Page",
    "PageCache",
    "Person",
    "Place",
    "PushConflictError",
    "Repeat",
    "Schedule",
    "Settings",
    "State",
    "Step",
    "Strict",
    "SwitchLanguage",
    "Text",
    "TimeZone",
    "Version",
    "World",
    "branches",
    "documents",
    "is_holiday",
    "micros",
    "parse_days",
    "parse_span",
    "perform",
    "plain",
    "present",
    "present_menu",
    "respond",
    "select",
    "state",
    "thorough",
    "walk",
    "within",
]


def __getattr__(name: str) -> Any:
    """Import a document model when it is first used."""
    if name not in _MODELS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODELS[name]), name)
