"""The web application: one page, its modules, and a websocket that carries one call at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from ._messages import HangUp, Place, Record, parse
from ._paced import PacedCall
from ._settings import Settings

PAGE = Path(__file__).parent / "page"
LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
MAX_PAGES = 16
LAST_ANSWER_S = 6  # a request under way is waited for before its call ends
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
_log = logging.getLogger(__name__)


def create_app(settings: Settings) -> ASGIApp:
    """Return the softphone as an ASGI application."""
    pages = 0

    async def page(_request: Request) -> Response:
        return FileResponse(PAGE / "index.html", media_type="text/html")

    async def config(_request: Request) -> Response:
        return JSONResponse(settings.to_dict())

    async def calls(websocket: WebSocket) -> None:
        nonlocal pages
        if pages >= MAX_PAGES:
            await websocket.close(1013)
            return
        pages += 1
        try:
            await websocket.accept()
            await _serve_page(websocket, settings)
        finally:
            pages -= 1

    return OnlyFromHere(
        Starlette(
            routes=[
                Route("/", page),
                Route("/config.json", config),
                WebSocketRoute("/calls", calls),
                Mount("/page", StaticFiles(directory=PAGE)),
            ]
        )
    )


class OnlyFromHere:
    """Refuses what no page of ours would send, and puts the security headers on every answer.

    A foreign name in Host is DNS rebinding; a foreign Origin on the websocket is another site's script.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if refused := _refusal(scope["type"], headers.get(b"host", ""), headers.get(b"origin")):
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": refused})
            else:
                await PlainTextResponse(refused, 403, HEADERS)(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in HEADERS.items()),
                ]
            await send(message)

        await self._app(scope, receive, send_safely)


def _refusal(kind: str, host: str, origin: str | None) -> str:
    """Return why a request is refused, empty if it is not."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        name = None
    if name not in LOOPBACK:
        return "the softphone answers only as 127.0.0.1 or localhost"
    if kind == "websocket" and origin != f"http://{host}":
        return "the softphone takes calls only from its own page"
    return ""


async def _serve_page(websocket: WebSocket, settings: Settings) -> None:
    """Take a page's messages until it leaves; its call ends with it."""
    outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    sender = asyncio.create_task(_send_all(websocket, outgoing))
    call: PacedCall | None = None
    playing: asyncio.Task[None] | None = None
    try:
        while True:
            try:
                message = parse(await websocket.receive_text())
            except (ValueError, KeyError):
                outgoing.put_nowait({"type": "error", "message": "the softphone did not understand its page"})
                continue
            busy = playing is not None and not playing.done()
            if isinstance(message, Place):
                if busy:
                    outgoing.put_nowait({"type": "error", "message": "a call is up already"})
                    continue
                call = PacedCall(settings, message, outgoing.put_nowait)
                playing = asyncio.create_task(_play(call, outgoing))
            elif isinstance(message, Record):
                if call is not None and not busy:
                    outgoing.put_nowait({"type": "session", "session": call.session()})
            elif busy and call is not None:
                call.act(message)
    except WebSocketDisconnect:
        return
    finally:
        if call is not None and playing is not None:
            call.act(HangUp(type="hang_up"))
            await asyncio.wait({playing}, timeout=LAST_ANSWER_S)
            playing.cancel()
        sender.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sender


async def _play(call: PacedCall, outgoing: asyncio.Queue[dict[str, Any]]) -> None:
    try:
        await call.run()
    except Exception as error:  # noqa: BLE001 - the page must see it, or it would wait without end
        _log.exception("the simulator failed")
        outgoing.put_nowait({"type": "error", "message": f"the simulator failed: {error}", "ended": True})


async def _send_all(websocket: WebSocket, outgoing: asyncio.Queue[dict[str, Any]]) -> None:
    while True:
        await websocket.send_json(await outgoing.get())
