"""Live Debug's page in Chromium: served as `pivot debug` serves it, over the emulator's table."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.applications import Starlette

from pivot_app.live_debug import ExchangeStore, Service, answer
from pivotctl.debug._kazoo_log import KazooLog
from pivotctl.debug._server import make_app
from tests.live_debug.conftest import account, dynamodb, make, put, serve

__all__ = ["account", "dynamodb", "make", "put", "serve"]

# Longer than anything takes here: a busy machine is no reason to fail.
expect.set_options(timeout=15_000)

ROOT_ARN = "arn:aws:iam::000000000000:root"


class LocalApi:
    """What `Deployment` is to the page's server, with the routes answered in this process."""

    def __init__(self, service: Service, account: str) -> None:
        self.service = service
        self.account = account
        self.url = "http://live-debug.example.test"

    async def get(self, client: httpx.AsyncClient, path: str, query: Mapping[str, str]) -> httpx.Response:
        parts = path.removeprefix("/debug/").split("/")
        route = {1: f"GET /debug/{parts[0]}", 2: "GET /debug/calls/{call_id}"}.get(
            len(parts), "GET /debug/calls/{call_id}/session"
        )
        event = {
            "routeKey": route,
            "queryStringParameters": dict(query),
            "pathParameters": {"call_id": parts[1]} if len(parts) > 1 else {},
            "requestContext": {"authorizer": {"iam": {"userArn": ROOT_ARN}}},
        }
        answered = await asyncio.to_thread(answer, event, self.service)
        return httpx.Response(answered["statusCode"], text=answered["body"])


@pytest.fixture
def kazoo_log() -> KazooLog | None:
    """KAZOO's own log; a test that has one overrides this."""
    return None


@pytest.fixture
def page_url(
    emulator: Any, account: str, serve: Callable[[Starlette], int], kazoo_log: KazooLog | None
) -> str:
    """The page over the emulator's table, opened on the test's account."""
    service = Service(
        store=ExchangeStore(emulator.client("dynamodb"), emulator.names["ExchangesTable"]),
        grants=lambda: {ROOT_ARN: ["*"]},
        shards=lambda _: 1,
        audit=lambda _: None,
        base_url="http://pivot.example.test",
    )
    word = secrets.token_urlsafe(8)
    port = serve(make_app(LocalApi(service, account), word, kazoo_log))  # type: ignore[arg-type]
    return f"http://127.0.0.1:{port}/{word}/debug#account={account}"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium for one module's tests: while Playwright is open, its event loop is the thread's."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window that fails the test on any console error, page error or request elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB", timezone_id="UTC")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    context.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "blob:"))
            else faults.append(f"requested {request.url}")
        ),
    )
    yield context
    context.close()
    assert not faults


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
