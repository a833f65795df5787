"""Finds what is wrong with the structure of a routing document, without playing a call."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pivot_app.actions import Action
from pivot_app.routing import DEFAULT_ROUTE
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import RoutingDocument
from pivotctl.data.lint._conditions import conditions
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath
from pivotctl.data.lint._shadows import shadowed
from pivotctl.data.lint._texts import texts
from pivotctl.data.lint._values import values

NEEDS_A_MENU = ("back", "repeat", "check_pin")


def structure(document: RoutingDocument) -> Iterator[Diagnostic]:
    """Yield the findings that need no played call."""
    if DEFAULT_ROUTE not in document.routes:
        message = "there is no default route: calls to any other number get the callback's fallback"
        yield Diagnostic(("routes",), "warning", message)
    for place, action in all_actions(document):
        if action.do in NEEDS_A_MENU:
            message = (
                f"{action.do} needs a menu to go back to, and a rule has none; name the next action "
                "(then: ...) instead"
            )
            yield Diagnostic(place, "error", message)
        if action.when and action.otherwise is None:
            message = "when these conditions do not hold nothing happens; add `otherwise`"
            yield Diagnostic((*place, "when"), "error", message)
    for name, route in document.routes.items():
        yield from shadowed(name, route)
    yield from texts(document)
    yield from values(document)
    yield from conditions(document)


def unknown_menus(document: RoutingDocument, menus: Collection[str]) -> Iterator[Diagnostic]:
    """Yield the actions that lead to a menu which is not among `menus`."""
    for place, action in all_actions(document):
        if action.do == "menu" and action.menu not in menus:
            message = (
                f"there is no menu {action.menu!r} among the menus; push those first, or correct the name"
            )
            yield Diagnostic((*place, "menu"), "error", message)


def all_actions(document: RoutingDocument) -> Iterator[tuple[DocumentPath, Any]]:
    """Yield (place, action) of every action, nested ones included."""
    for place, value in walk_values(document.routes, ("routes",)):
        if isinstance(value, Action):
            yield place, value
