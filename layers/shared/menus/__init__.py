"""Menus as data: a document of prompts, keys and actions, versioned in DynamoDB, presented and answered step
by step.

`present_menu` and `respond` are what the functions `menu` and `menu_selection` do; `present` and `select` are
the pure decisions behind them.
"""

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
    micros,
    walk,
)
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
from menus._document import Menu, MenuDocument, Page, Settings
from menus._engine import World, perform, present, select
from menus._findings import Finding, Place
from menus._people import Person
from menus._schedule import Schedule, TimeZone, is_holiday, parse_days, parse_span
from menus._step import Step
from menus._store import DocumentError, DocumentStore, Head, PageCache, PushConflictError, Version
from menus._texts import Strict, Text, thorough

__all__ = [
    "KIND",
    "SENSITIVE_COLLECTIONS",
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
    "present",
    "present_menu",
    "respond",
    "select",
    "thorough",
    "walk",
]
