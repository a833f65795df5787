"""Menus as data: a document of prompts, keys and actions, presented and answered step by step.

`handle_menu` and `handle_selection` are what the functions `menu` and `menu_selection` do; `render_menu` and
`resolve_selection` are the decisions behind them.
"""

from pivot_app.menus._ask import SENSITIVE, end_key
from pivot_app.menus._calls import KIND, SENSITIVE_COLLECTIONS, MenuError, handle_menu, handle_selection
from pivot_app.menus._page import read_page
from pivot_app.menus._schema import Menu, MenuPage, MenuSettings, Retry
from pivot_app.menus._select import key_of, render_menu, resolve_selection, scope_of

__all__ = [
    "KIND",
    "SENSITIVE",
    "SENSITIVE_COLLECTIONS",
    "Menu",
    "MenuError",
    "MenuPage",
    "MenuSettings",
    "Retry",
    "end_key",
    "handle_menu",
    "handle_selection",
    "key_of",
    "read_page",
    "render_menu",
    "resolve_selection",
    "scope_of",
]
