"""Menus as data: a document of prompts, keys and actions, versioned in DynamoDB, presented and answered step
by step.

`present_menu` and `respond` are what the functions `menu` and `menu_selection` do; `present` and `select` are
the pure decisions behind them. The models of documents are imported when they are used: calls do without
them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pivot_app.documents._amounts import micros
from pivot_app.documents._findings import Finding, Place
from pivot_app.documents._plain import plain
from pivot_app.documents._store import (
    DocumentError,
    DocumentStore,
    Head,
    PageCache,
    PushConflictError,
    Version,
)
from pivot_app.identity import CallerContext
from pivot_app.menus._calls import (
    KIND,
    SENSITIVE_COLLECTIONS,
    CallWorld,
    Documents,
    MenuError,
    documents,
    present_menu,
    respond,
)
from pivot_app.menus._engine import perform, present, select
from pivot_app.menus._step import Step
from pivot_app.menus._world import World
from pivot_app.schedules._hours import WEEKDAYS, State, is_holiday, parse_days, parse_span, state, within

if TYPE_CHECKING:
    from pivot_app.actions._actions import (
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
    from pivot_app.documents._fields import Strict, Text, thorough
    from pivot_app.menus._document import Menu, MenuDocument, Page, Settings
    from pivot_app.schedules._schedule import Schedule, TimeZone

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
        "pivot_app.actions._actions",
    ),
    **dict.fromkeys(("Menu", "MenuDocument", "Page", "Settings"), "pivot_app.menus._document"),
    **dict.fromkeys(("Strict", "Text", "thorough"), "pivot_app.documents._fields"),
    **dict.fromkeys(("Schedule", "TimeZone"), "pivot_app.schedules._schedule"),
}

__all__ = [
    "KIND",
    "SENSITIVE_COLLECTIONS",
    "WEEKDAYS",
    "Action",
    "AnyAction",
    "Back",
    "CallWorld",
    "CallerContext",
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
