"""Routing as data: ordered rules of typed conditions; the first that holds decides, and every decision is
explained.

The models of documents are imported when they are used: calls do without them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pivot_app.routing._calls import KIND, RoutingError, route_call
from pivot_app.routing._decide import DEFAULT_ROUTE, Decision, decide
from pivot_app.routing._facts import Facts, KnownCaller
from pivot_app.routing._questions import Scene, holds, miss

if TYPE_CHECKING:
    from pivot_app.routing._conditions import AnyCondition, Condition
    from pivot_app.routing._document import Route, RoutePage, RoutingDocument, Rule

_MODELS = {
    **dict.fromkeys(("AnyCondition", "Condition"), "pivot_app.routing._conditions"),
    **dict.fromkeys(("Route", "RoutePage", "RoutingDocument", "Rule"), "pivot_app.routing._document"),
}

__all__ = [
    "DEFAULT_ROUTE",
    "KIND",
    "AnyCondition",
    "Condition",
    "Decision",
    "Facts",
    "KnownCaller",
    "Route",
    "RoutePage",
    "RoutingDocument",
    "RoutingError",
    "Rule",
    "Scene",
    "decide",
    "holds",
    "miss",
    "route_call",
]


def __getattr__(name: str) -> Any:
    """Import a document model when it is first used."""
    if name not in _MODELS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODELS[name]), name)
