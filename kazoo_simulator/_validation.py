"""Asks the `callflow` package what KAZOO's schemas say about a flow."""

from __future__ import annotations

from typing import Any

from ._events import JsonObject
from ._world import World


def explain(document: Any, world: World) -> tuple[list[str], list[str]]:
    """Return the problems KAZOO's validator finds, and the warnings of our linter, as readable lines."""
    import callflow

    validate = getattr(callflow, "validate", None)
    if validate is None:
        return ([] if isinstance(document, dict) and "module" in document else ["not a node"]), []
    return [f"{p.path}: {p.message}" for p in validate(document, kazoo=world.kazoo)], []


def with_defaults(document: JsonObject, world: World) -> JsonObject:
    """Fill the schemas' defaults into a valid flow, as KAZOO does before it runs it."""
    import callflow

    defaults = getattr(callflow, "defaults", None)
    return document if defaults is None else defaults(document, kazoo=world.kazoo)
