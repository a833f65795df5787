"""What the Live Debug tests share: an account of their own each, and exchanges to put into it."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from pivot_app.live_debug import ExchangeStore
from pivot_app.live_debug.exchange import Exchange

START_MS = 1_790_000_000_000


@pytest.fixture
def account() -> str:
    return secrets.token_hex(16)


@pytest.fixture(scope="session")
def dynamodb(emulator: Any) -> Any:
    return emulator.client("dynamodb")


@pytest.fixture
def store(emulator: Any, dynamodb: Any) -> ExchangeStore:
    return ExchangeStore(dynamodb, emulator.names["ExchangesTable"])


@pytest.fixture
def make(account: str) -> Callable[..., Exchange]:
    """An exchange of the test's account; `at` is milliseconds after a fixed moment."""

    def make(call_id: str = "call-1", at: int = 0, *, started: int | None = None, **changes: Any) -> Exchange:
        step = changes.pop("step", 0)
        values: dict[str, Any] = {
            "kazoo_account_id": account,
            "call_id": call_id,
            "received_ms": START_MS + at,
            "call_started_ms": START_MS + (at if started is None else started),
            "step": step,
            "request_id": secrets.token_hex(8),
            "callback": "account_balance",
            "method": "POST",
            "path": "/account_balance",
            "body_format": "json",
            "parameters": {"Account-ID": account, "Call-ID": call_id},
            "caller": "+14155550100",
            "caller_name": "Ann Example",
            "dialled": "+14155550199",
            "status": 200,
            "outcome": "answered",
            "flow": {"module": "tts", "data": {"text": f"Hello from {call_id}"}, "children": {}},
            "timings_us": {"total": 900},
        }
        return Exchange(**{**values, **changes})

    return make


@pytest.fixture
def put(emulator: Any, dynamodb: Any) -> Callable[..., None]:
    """Write exchanges as `capture` does."""

    def put(*exchanges: Exchange, shards: int = 1) -> None:
        for exchange in exchanges:
            item = exchange.to_item(expires_at=4_000_000_000, shards=shards)
            dynamodb.put_item(TableName=emulator.names["ExchangesTable"], Item=item)

    return put


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Starlette], int]]:
    """Run an application on a free port of 127.0.0.1 and return the port."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def run(app: Starlette) -> int:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        # Already now, so that a browser that is quicker than the server waits.
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        running.append((server, thread))
        port: int = listener.getsockname()[1]
        return port

    yield run
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=10)
