"""Asks the `callflow` package what KAZOO's schemas, and our experience, say about a flow."""

from __future__ import annotations

from typing import Any

import kazoo_callflow as callflow

from ._events import JsonObject
from ._kazoo import KazooConfig


def problems(document: Any, world: KazooConfig) -> tuple[str, ...]:
    """Return why KAZOO rejects a flow, one readable line each; none when it accepts it."""
    found = callflow.validate(document, kazoo=world.kazoo, blocked=world.blocked_hosts)
    return tuple(f"{problem.path} {problem.message}" for problem in found)


def warnings(document: JsonObject, world: KazooConfig) -> tuple[str, ...]:
    """Return what a valid flow will make a caller regret."""
    return tuple(
        f"{problem.path} {problem.message}" for problem in callflow.lint(document, kazoo=world.kazoo)
    )


def with_defaults(document: JsonObject, world: KazooConfig) -> JsonObject:
    """Fill the schemas' defaults into a valid flow, as KAZOO does before it runs or saves it."""
    filled: JsonObject = callflow.defaults(document, kazoo=world.kazoo)
    return filled
