"""The page on localhost, and the signed way from it to the deployed API.

Only this machine reaches it, and on it only who was given the address: its path begins with a random word,
and requests under another host name (a page that rebinds its DNS name to 127.0.0.1) are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pivot_app.crossbar import CrossbarError
from pivot_app.live_debug import page_file, security_headers
from pivotctl.debug._deployed import TIMEOUT_S, Deployment
from pivotctl.debug._kazoo_log import KazooLog, compare

_PERMISSION = "execute-api:Invoke on GET/debug/* of this API"
_VIEWS = re.compile(r"access|calls|calls/[^/]+|calls/[^/]+/session")


def make_app(deployment: Deployment, word: str, kazoo_log: KazooLog | None = None) -> Starlette:
    """Return the application; `word` is the secret first part of every path."""

    async def index(_: Request) -> Response:
        return _file("index.html")

    async def asset(request: Request) -> Response:
        return _file(request.path_params["file"])

    async def config(_: Request) -> Response:
        return _json({"sign_in": None, "account": deployment.account, "kazoo": kazoo_log is not None})

    async def view(request: Request) -> Response:
        path = request.path_params["path"]
        if not _VIEWS.fullmatch(path):
            return _problem(404, "there is nothing here")
        answered = await _ask(request, path)
        if answered.status_code == httpx.codes.FORBIDDEN and b'"error"' not in answered.content:
            return _problem(403, f"AWS refuses these credentials: they need {_PERMISSION}")
        return Response(
            answered.content, answered.status_code, {"content-type": "application/json", **security_headers()}
        )

    async def kazoo(request: Request) -> Response:
        if kazoo_log is None:
            return _problem(
                404, "no access to KAZOO's API: `pivot provision` stores it, --crossbar-url names another"
            )
        ours = await _ask(request, f"calls/{request.path_params['call_id']}")
        if ours.status_code != httpx.codes.OK:
            return Response(ours.content, ours.status_code, {"content-type": "application/json"})
        call = ours.json()
        theirs = await kazoo_log.of_call(call["account"], call["call_id"])
        return _json(compare(call["exchanges"], theirs))

    async def _ask(request: Request, path: str) -> httpx.Response:
        query = dict(request.query_params)
        return await deployment.get(request.app.state.client, f"/debug/{path}", query)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
            app.state.client = client
            yield
        if kazoo_log is not None:
            kazoo_log.close()

    def guarded(
        endpoint: Callable[[Request], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if request.url.hostname not in ("127.0.0.1", "localhost"):
                return _problem(403, "Live Debug answers on 127.0.0.1 only")
            try:
                return await endpoint(request)
            except CrossbarError as error:
                return _problem(502, str(error))
            except httpx.HTTPError as error:
                return _problem(502, f"{deployment.url} does not answer ({type(error).__name__})")

        return answer

    routes = [
        Route(f"/{word}/debug{path}", guarded(endpoint))
        for path, endpoint in (
            ("", index),
            ("/page/config.json", config),
            ("/page/{file}", asset),
            ("/kazoo/{call_id}", kazoo),
            ("/{path:path}", view),
        )
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _file(name: str) -> Response:
    found = page_file(name)
    if found is None:
        return _problem(404, "there is nothing here")
    content, content_type = found
    return Response(content, headers={"content-type": content_type, **security_headers()})


def _json(value: Any, status: int = 200) -> Response:
    content = json.dumps(value, ensure_ascii=False)
    return Response(content, status, {"content-type": "application/json", **security_headers()})


def _problem(status: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status, security_headers())
