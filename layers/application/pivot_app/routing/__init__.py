"""Routing as data: ordered rules of typed conditions; the first that holds decides, and every decision is
explained."""

from pivot_app.routing._calls import KIND, RoutingError, read_page, route_call, scope_of
from pivot_app.routing._decide import Decision, decide
from pivot_app.routing._schema import DEFAULT_ROUTE, Route, RouteName, RoutePage, RoutingSettings, Rule

__all__ = [
    "DEFAULT_ROUTE",
    "KIND",
    "Decision",
    "Route",
    "RouteName",
    "RoutePage",
    "RoutingError",
    "RoutingSettings",
    "Rule",
    "decide",
    "read_page",
    "route_call",
    "scope_of",
]
