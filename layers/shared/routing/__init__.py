"""Routing as data: ordered rules of typed conditions; the first that holds decides, and every decision is
explained."""

from routing._calls import KIND, RoutingError, route_call
from routing._conditions import AnyCondition, Condition, Scene
from routing._document import Decision, Route, RoutePage, RoutingDocument, Rule, decide
from routing._facts import Facts, KnownCaller

__all__ = [
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
    "route_call",
]
