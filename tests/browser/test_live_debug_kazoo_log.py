"""KAZOO's debug log beside ours on the page, from a stand-in Crossbar over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pivot_app.live_debug.exchange import Exchange
from pivotctl.debug._kazoo_log import KazooLog

pytestmark = pytest.mark.browser


@pytest.fixture
def kazoo_log(serve: Callable[[Starlette], int]) -> KazooLog:
    """A cluster whose log agrees about the request and not about the answer."""

    async def sign_in(_: Request) -> Response:
        return JSONResponse({"auth_token": "t"}, 201)

    async def log(request: Request) -> Response:
        sent = {"uri": "https://x.example.com/account_balance?token=secret", "method": "post", "created": 1}
        got = {
            "resp_status_code": "200",
            "resp_body": json.dumps({"module": "hangup", "data": {}}),
            "created": 2,
        }
        return JSONResponse({"data": [sent, got] if request.headers["x-auth-token"] == "t" else []})

    routes = [
        Route("/v2/api_auth", sign_in, methods=["PUT"]),
        Route("/v2/accounts/{account}/pivot/debug/{call_id:path}", log),
    ]
    return KazooLog.at(f"http://127.0.0.1:{serve(Starlette(routes=routes))}", "k" * 64)


def test_kazoos_log_beside_ours(
    page: Page, page_url: str, make: Callable[..., Exchange], put: Callable[..., None]
) -> None:
    """One button lines up what KAZOO says with what we say, and marks what differs."""
    put(make("c@10.0.0.1", int(time.time() * 1000) - 1_790_000_000_000))
    page.goto(page_url)
    page.locator("a.row").click()
    page.get_by_role("button", name="Compare with KAZOO's log").click()
    table = page.locator(".kazoo-log")
    expect(table).to_contain_text("They differ where marked.")
    expect(table.locator("tr.changed")).to_have_count(1)
    expect(table.locator("tr.changed")).to_contain_text("hangup")
    expect(table.locator("tr", has_text="path")).to_contain_text("same")
    assert "secret" not in page.content()
