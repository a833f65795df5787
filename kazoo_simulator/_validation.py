"""Asks the `callflow` package what KAZOO's schemas, and our experience, say about a flow."""

from __future__ import annotations

from typing import Any

import kazoo_callflow as callflow

from ._events import JsonObject
from ._kazoo import KazooConfig


def problems(document: Any, config: KazooConfig) -> tuple[str, ...]:
    """Return why KAZOO rejects a flow, one readable line each; none when it accepts it."""
    found = callflow.validate(document, kazoo=config.version, blocked=config.blocked_hosts)
    return tuple(f"{problem.path} {problem.message}" for problem in found)


def warnings(document: JsonObject, config: KazooConfig) -> tuple[str, ...]:
    """Return what a valid flow will make a caller regret."""
    return tuple(
        f"{problem.path} {problem.message}" for problem in callflow.lint(document, kazoo=config.version)
    )


def with_defaults(document: JsonObject, config: KazooConfig) -> JsonObject:
    """Fill the schemas' defaults into a valid flow, as KAZOO does before it runs or saves it."""
    filled: JsonObject = callflow.defaults(document, kazoo=config.version)
    return filled
