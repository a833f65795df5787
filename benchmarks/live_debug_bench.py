"""Live Debug: what recording an exchange costs, and what making a page of the list adds to its query."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from math import ceil
from typing import Any

from benchmarks.figure import Figure, microseconds
from pivot_app.live_debug import ExchangeStore
from pivot_app.live_debug.exchange import RECENT_ATTRIBUTES, Exchange

ACCOUNT = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"
WRITE_UNIT_BYTES = 1024
# On demand, us-east-1, November 2026.
US_DOLLARS_PER_MILLION_WRITES = 0.625
_KEYS = ("pk", "sk", "recent_pk", "recent_sk")


def figures() -> Iterator[Figure]:
    """Yield what an exchange costs to make and to keep, and a page of the list to make."""
    exchange = _exchange(0)
    plain = asdict(exchange)
    yield Figure(
        "live debug: item of an exchange",
        microseconds(lambda: exchange.to_item(expires_at=0)),
        "µs",
        microseconds(lambda: json.dumps(plain)),
        "its JSON alone",
    )
    item = exchange.to_item(expires_at=0)
    index_bytes = _size({name: item[name] for name in (*_KEYS, *RECENT_ATTRIBUTES) if name in item})
    writes = ceil(_size(item) / WRITE_UNIT_BYTES) + ceil(index_bytes / WRITE_UNIT_BYTES)
    yield Figure("live debug: an exchange stored", _size(item), "bytes", len(json.dumps(plain)), "its JSON")
    yield Figure("live debug: its line in the index", index_bytes, "bytes")
    yield Figure("live debug: write units of an exchange", writes, "units")
    yield Figure("live debug: writing a million exchanges", writes * US_DOLLARS_PER_MILLION_WRITES, "US$")
    rows = [_exchange(number).to_item(expires_at=0) for number in range(200)]
    text = _as_text(rows)
    store = ExchangeStore(_Answers(rows), "exchanges")
    yield Figure(
        "live debug: a page of 50 calls made of a query's answer",
        microseconds(lambda: store.recent(ACCOUNT), loops=20),
        "µs",
        microseconds(lambda: json.loads(text), loops=20),
        "parsing that answer",
    )


class _Answers:
    """A DynamoDB that answers every query with the same rows, at once."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._answer = {"Items": rows, "LastEvaluatedKey": {}}

    def query(self, **_: Any) -> dict[str, Any]:
        return self._answer


def _as_text(rows: list[dict[str, Any]]) -> str:
    """Return the projection of the rows, as DynamoDB sends it."""
    projected = [{name: row[name] for name in (*_KEYS, *RECENT_ATTRIBUTES) if name in row} for row in rows]
    return json.dumps({"Items": projected})


def _size(item: dict[str, Any]) -> int:
    """DynamoDB's size of an item: names and values; a number of this size takes at most eight bytes."""
    return sum(
        len(name) + (8 if kind == "N" else len(value.encode() if kind == "S" else value))
        for name, typed in item.items()
        for kind, value in typed.items()
    )


def _exchange(number: int) -> Exchange:
    """Return a step of a menu, with the parameters KAZOO 4.3 sends."""
    call_id = str(uuid.UUID(int=number * 7919 + 1))
    question = {
        "module": "tts",
        "data": {"text": "For your balance press one. For customer support press two.", "language": "en-us"},
        "children": {
            "_": {
                "module": "collect_dtmf",
                "data": {"max_digits": 1, "timeout": 5000, "collection_name": "choice"},
                "children": {
                    "_": {
                        "module": "pivot",
                        "data": {
                            "voice_url": "https://api.example.com/menu_selection?token=[removed]&state=[removed]",
                            "method": "post",
                            "req_format": "kazoo",
                            "req_body_format": "json",
                        },
                        "children": {"_": {"module": "tts", "data": {"text": "Please try again later."}}},
                    }
                },
            }
        },
    }
    return Exchange(
        kazoo_account_id=ACCOUNT,
        call_id=call_id,
        received_ms=1_790_000_000_000 + number,
        call_started_ms=1_790_000_000_000 + number,
        step=0,
        request_id=str(uuid.UUID(int=number)),
        callback="menu",
        method="POST",
        path="/menu",
        body_format="json",
        query={"menu": "main"},
        headers={"content-type": "application/json", "user-agent": "hackney/1.6.2"},
        parameters={
            "To-Realm": "sip.example.com",
            "To": "2000",
            "Request-Realm": "sip.example.com",
            "Request": "+14155550199",
            "Language": "en-us",
            "From-Realm": "sip.example.com",
            "From": "+14155550123",
            "Direction": "inbound",
            "Custom-SIP-Headers": {},
            "Custom-Application-Vars": {},
            "Caller-ID-Number": "+14155550123",
            "Caller-ID-Name": "Ada Example",
            "Call-ID": call_id,
            "Api-Version": "4.x",
            "Account-ID": ACCOUNT,
        },
        caller="+14155550123",
        caller_name="Ada Example",
        dialled="+14155550199",
        language="en-us",
        status=200,
        outcome="answered",
        answer_bytes=640,
        flow=question,
        explanations=[{"kind": "menu", "facts": {"menu": "main", "version": 7, "try": 1}}],
        timings_us={"parse": 95, "authenticate": 40, "handler": 5100, "validate": 210, "total": 5600},
        state_after={"menu": "main", "language": "en-us"},
    )
