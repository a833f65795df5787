"""Finds the function that plays a module."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from kazoo_simulator._events import JsonObject
from kazoo_simulator._request import KazooVersion
from kazoo_simulator._steps import Continue, Next, Steps

if TYPE_CHECKING:
    from kazoo_simulator._engine import Engine

Module: TypeAlias = Callable[["Engine", JsonObject], Steps]

_AREAS = ("sound", "digits", "bridging", "branching", "endings", "dialogues", "pivot")
_modules: dict[str, Module] = {}


def module(*names: str) -> Callable[[Module], Module]:
    """Register a generator function as what these callflow modules do."""

    def register(function: Module) -> Module:
        for name in names:
            _modules[name] = function
        return function

    return register


def silent(
    *names: str,
) -> Callable[[Callable[[Engine, JsonObject], Next]], Callable[[Engine, JsonObject], Next]]:
    """Register a plain function as what modules do that take no time."""

    def register(function: Callable[[Engine, JsonObject], Next]) -> Callable[[Engine, JsonObject], Next]:
        module(*names)(at_once(function))
        return function

    return register


def at_once(function: Callable[[Engine, JsonObject], Next]) -> Module:
    """Make a module of a plain function."""

    def play(call: Engine, data: JsonObject) -> Steps:
        yield from ()
        return function(call, data)

    return play


@cache
def _load() -> dict[str, Module]:
    for area in _AREAS:
        import_module(f"{__package__}.{area}")
    return _modules


def played_modules() -> frozenset[str]:
    """Name the modules that are played; all others are passed through."""
    return frozenset(_load())


def module_named(name: str, kazoo: KazooVersion) -> Module:
    """Return what plays that module; `kazoo` is for modules only one version has."""
    if kazoo == "4.3" and name in _ONLY_IN_5:
        return _unknown
    return _load().get(name, _pass_through)


_ONLY_IN_5 = frozenset(
    (
        "answer",
        "call_pickup",
        "detect_speech",
        "doorman",
        "function",
        "noop",
        "notification",
        "tones",
        "wait_for_hangup",
    )
)


@at_once
def _pass_through(call: Engine, _data: JsonObject) -> Next:
    call.note("the caller notices nothing of this module; passed through as KAZOO would go on")
    return Continue()


@at_once
def _unknown(call: Engine, _data: JsonObject) -> Next:
    call.note("KAZOO 4.3 has no such module: skipped")
    return Continue()
