"""A call as a session the simulator replays: what the caller did, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from live_debug._told import pairs, pressed
from pivot.exchange import Exchange

FORMAT: Final = "pivot-lambda/live-debug-session"
VERSION: Final = 1


def as_session(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """The session of a call's exchanges, in order."""
    first = exchanges[0]
    return {
        "format": FORMAT,
        "version": VERSION,
        "kazoo": first.kazoo_version,
        "account_id": first.kazoo_account_id,
        "call_id": first.call_id,
        "caller": first.caller,
        "caller_name": first.caller_name,
        "dialled": first.dialled,
        "masked": first.masked,
        "exchanges": [
            {
                "method": exchange.method,
                "path": exchange.path,
                "query": dict(exchange.query),
                "parameters": dict(exchange.parameters),
                "status": exchange.status,
                "outcome": exchange.outcome,
                "flow": exchange.flow,
                "pressed": pressed(exchange, after) if after else {},
            }
            for exchange, after in pairs(exchanges)
        ],
    }
