"""Finds the function that plays a module."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from kazoo_simulator._events import JsonObject
from kazoo_simulator._steps import Continue, Next, Steps

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

Module: TypeAlias = Callable[["Channel", JsonObject], Steps]

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
) -> Callable[[Callable[[Channel, JsonObject], Next]], Callable[[Channel, JsonObject], Next]]:
    """Register a plain function as what modules do that take no time."""

    def register(function: Callable[[Channel, JsonObject], Next]) -> Callable[[Channel, JsonObject], Next]:
        module(*names)(at_once(function))
        return function

    return register


def at_once(function: Callable[[Channel, JsonObject], Next]) -> Module:
    """Turn a plain function into a module."""

    def play(call: Channel, data: JsonObject) -> Steps:
        yield from ()
        return function(call, data)

    return play


@cache
def _load() -> dict[str, Module]:
    for area in _AREAS:
        import_module(f"{__package__}.{area}")
    return _modules


def played_modules() -> frozenset[str]:
    """Name the modules that are known; any other is a schema without code."""
    return frozenset(_load())


def module_named(name: str) -> Module:
    """Return what plays that module; one without code is skipped, as KAZOO skips it."""
    return _load().get(name, _without_code)


@at_once
def _without_code(call: Channel, _data: JsonObject) -> Next:
    call.note("KAZOO has a schema of that name but no module: skipped")
    return Continue()
