"""The three views of Live Debug as plain JSON values, for the function and for the command alike."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from pivot_app.errors import ApplicationError
from pivot_app.live_debug._exports import as_curl, as_event, as_script, as_test
from pivot_app.live_debug._filters import MAX_PAGE_CALLS, PAGE_CALLS, FilterError, Filters
from pivot_app.live_debug._narration import narrate, new_digits, pairs
from pivot_app.live_debug._store import MAX_CALL_EXCHANGES, ExchangeStore
from pivot_app.live_debug.exchange import Exchange

MAX_ANSWER_BYTES: Final = 5_000_000
"""Lambda limits answers to 6 MB; this view is over the limit and incomplete."""


class CallNotFoundError(ApplicationError, LookupError):
    """There is no such call in the account, or its time to live is over."""


def calls_view(store: ExchangeStore, account: str, query: Mapping[str, str], shards: int) -> dict[str, Any]:
    """Return a page of the account's recent calls.

    Raises:
        FilterError: A query parameter is not understood.
    """
    page = store.recent(
        account,
        Filters.parse(query),
        limit=_limit(query.get("limit", "")),
        cursor=query.get("cursor", ""),
        shards=shards,
    )
    return {
        "account": account,
        "calls": [asdict(call) for call in page.calls],
        "next": page.next,
        "scanned": page.scanned,
    }


def call_view(store: ExchangeStore, account: str, call_id: str, base_url: str) -> dict[str, Any]:
    """Return the exchanges of one call, explained; `complete` says whether all of them had room in an answer.

    Raises:
        CallNotFoundError: The account has no such call.
    """
    exchanges = _exchanges(store, account, call_id)
    shown: list[dict[str, Any]] = []
    room = MAX_ANSWER_BYTES
    for exchange, after in pairs(exchanges):
        explained = _explained(exchange, after, base_url)
        room -= len(json.dumps(explained, ensure_ascii=False).encode("utf-8", "replace"))
        if room < 0 and shown:
            break
        shown.append(explained)
    return {
        "account": account,
        "call_id": exchanges[0].call_id,
        "exchanges": shown,
        "complete": len(shown) == len(exchanges) < MAX_CALL_EXCHANGES,
        "as_test": as_test(exchanges),
    }


def _explained(exchange: Exchange, after: Exchange | None, base_url: str) -> dict[str, Any]:
    return {
        **asdict(exchange),
        "lint": exchange.lint or _lint(exchange),
        "told": narrate(exchange.flow),
        "pressed_next": new_digits(exchange, after) if after else {},
        "as_curl": as_curl(exchange, base_url),
        "as_event": as_event(exchange),
    }


def _lint(exchange: Exchange) -> list[dict[str, str]]:
    """Return the warnings about an answer whose record holds none."""
    if exchange.flow is None or "flow" in exchange.truncated:
        return []
    import kazoo_callflow as callflow

    found = callflow.lint(exchange.flow, "5" if exchange.kazoo_version == "5" else "4.3")
    return [{"path": each.path, "rule": each.rule, "message": each.message} for each in found]


def session_view(store: ExchangeStore, account: str, call_id: str) -> dict[str, Any]:
    """Return the call as a session file for the simulator.

    Raises:
        CallNotFoundError: The account has no such call.
    """
    return as_script(_exchanges(store, account, call_id))


# A Call-ID may hold a slash or a question mark, which no path parameter survives.
_ENCODED: Final = "~"


def decode_call_id(segment: str) -> str:
    """Return the Call-ID of a path: itself, or `~` and its base64url form.

    Raises:
        FilterError: What follows the `~` is not base64url of UTF-8.
    """
    if not segment.startswith(_ENCODED):
        return segment
    encoded = segment[1:]
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise FilterError(
            "call_id", "not base64url behind `~`", "pass the Call-ID, percent-encoded"
        ) from None


def _exchanges(store: ExchangeStore, account: str, call_id: str) -> Sequence[Exchange]:
    exchanges = store.call(account, call_id)
    if not exchanges:
        raise CallNotFoundError(f"no call {call_id} in account {account}, or it has expired")
    return exchanges


def _limit(text: str) -> int:
    if not text:
        return PAGE_CALLS
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PAGE_CALLS:
        raise FilterError("limit", f"{text[:20]!r} is not a page size", f"use 1 to {MAX_PAGE_CALLS}")
    return int(text)
