"""The targets of requests: handlers in this process, an address, or a script of answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Protocol, TypeAlias, runtime_checkable
from urllib.parse import quote

from ._request import HttpRequest
from ._transport import Answer, TransportError, send_bytes
from ._urls import split_url
from .gateway import LambdaContext, answer_of, api_gateway_event

Handler: TypeAlias = Callable[[dict[str, Any], Any], Any]
"""A Lambda function: `handler(event, context)`."""

PUBLIC_URL = "http://pivot.example.test"
TOKEN_HEADER = "X-Pivot-Token"  # noqa: S105 - the header's name
EXCEPTION_HEADER = "x-simulator-exception"
"""Says on the ladder why a handler in this process failed, or why no handler was found."""
_log = logging.getLogger("kazoo_simulator")


@runtime_checkable
class Target(Protocol):
    """The interface of the web server that a simulator asks."""

    @property
    def public_url(self) -> str:
        """The address before a callback's path in a voice_url."""
        ...

    @property
    def token(self) -> str | None:
        """The KAZOO account's token, if the web server wants one."""
        ...

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        """Return the answer to this one request, redirects not followed, or raise TransportError."""
        ...


class InProcess:
    """Calls Lambda handlers in this process, with the event API Gateway (HTTP API, payload 2.0) makes.

    `handlers` maps paths to `handler(event, context)` functions, e.g. {"/account_balance": app.handler}.
    The clock of the call does not move while they work, unless `measured` is set.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        *,
        token: str | None = None,
        public_url: str = PUBLIC_URL,
        measured: bool = False,
    ) -> None:
        mapping: object = handlers
        if not isinstance(mapping, Mapping):
            given = getattr(handlers, "__name__", None) or type(handlers).__name__
            msg = f'InProcess takes a mapping of paths to handlers: InProcess({{"/{given}": {given}}})'
            raise TypeError(msg)
        for path, handler in handlers.items():
            if not (isinstance(path, str) and path.startswith("/") and callable(handler)):
                msg = f"InProcess takes paths that begin with / and functions, not {path!r}: {handler!r}"
                raise TypeError(msg)
        self.handlers = dict(handlers)
        self.public_url = public_url.rstrip("/")
        self.token = token
        self._measured = measured

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        """Call the handler of the request's path; an exception of it answers 500 as Lambda's would."""
        target = _path_below(self.public_url, request.url)
        path = target.partition("?")[0]
        handler = self.handlers.get(path)
        if handler is None:
            note = (EXCEPTION_HEADER, f"no handler for {path}{self._nearest(path)}")
            return Answer(404, b'{"message":"Not Found"}', (("content-type", "application/json"), note))
        began = time.perf_counter()
        try:
            result = handler(api_gateway_event(request, target), LambdaContext(timeout_ms=timeout_ms))
        except Exception as error:  # noqa: BLE001 - API Gateway turns any failure of a function into this
            _log.exception("the handler of %s raised", path)
            note = (EXCEPTION_HEADER, f"the handler raised {type(error).__name__}: {error}")
            return Answer(
                500, b'{"message":"Internal Server Error"}', (("content-type", "application/json"), note)
            )
        took_ms = round((time.perf_counter() - began) * 1000) if self._measured else 0
        return answer_of(result, took_ms)

    def _nearest(self, path: str) -> str:
        if path.rstrip("/") in self.handlers:
            return f"; there is one for {path.rstrip('/')}, and API Gateway counts the slash at the end"
        near = get_close_matches(path, self.handlers, n=1)
        return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(self.handlers) or 'none'}"


class Http:
    """Asks a running stack.

    `base_url` is where it listens, `public_url` the address it gives itself in nested voice_urls (KAZOO
    refuses localhost there), which is mapped back to `base_url`. Requests to any other host are not made.
    `verify=False` takes any certificate, as KAZOO 4.3 does. `sessions` limits the requests at the same time
    as KAZOO's HTTP client does, which has two sessions per host: what waits for one loses that time.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        *,
        public_url: str | None = None,
        verify: bool = True,
        sessions: int | None = None,
    ) -> None:
        if not str(base_url).startswith(("http://", "https://")):
            msg = f'Http takes an address: Http("https://voice.example.com"), not {base_url!r}'
            raise TypeError(msg)
        self.base_url = base_url.rstrip("/")
        self.public_url = (public_url or base_url).rstrip("/")
        self.token = token
        self._verify = verify
        self._sessions = None if sessions is None else threading.Semaphore(sessions)

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        """Send the bytes as they are and wait for the whole answer, at most `timeout_ms`."""
        if self._sessions is None:
            return self._send(request, timeout_ms)
        began = time.perf_counter()
        if not self._sessions.acquire(timeout=timeout_ms / 1000):
            raise TransportError("timeout", f"no session to the host within {timeout_ms} ms", timeout_ms)
        try:
            waited_ms = round((time.perf_counter() - began) * 1000)
            answer = self._send(request, timeout_ms - waited_ms)
            return replace(answer, took_ms=answer.took_ms + waited_ms)
        finally:
            self._sessions.release()

    def _send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        address = request.url
        if not _is_below(self.base_url, address):
            address = self.base_url + _path_below(self.public_url, request.url)
        host = split_url(address).authority
        headers = tuple((name, host if name == "host" else value) for name, value in request.headers)
        return send_bytes(replace(request, url=address, headers=headers), timeout_ms, verify=self._verify)


@dataclass
class Scripted:
    """Answers from a list, in order; the last one repeats. A TransportError in the list is raised.

    `took_ms` of an answer is simulated: it may exceed what KAZOO waits.
    """

    answers: Sequence[Answer | TransportError]
    public_url: str = PUBLIC_URL
    token: str | None = None
    requests: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        """Return the next answer."""
        position = min(len(self.requests), len(self.answers) - 1)
        self.requests.append(request)
        answer = self.answers[position]
        if isinstance(answer, TransportError):
            raise answer
        if answer.took_ms > timeout_ms:
            raise TransportError("timeout", f"no answer within {timeout_ms} ms", timeout_ms)
        return answer


def _is_below(base: str, url: str) -> bool:
    return url == base or url.startswith((base + "/", base + "?"))


def _path_below(public_url: str, url: str) -> str:
    if _is_below(public_url, url):
        return url[len(public_url) :] or "/"
    host = split_url(url).authority
    raise TransportError("elsewhere", f"the simulator asks only {public_url}, and this goes to {host}")


def voice_url(target: Target, path: str, *, with_token: bool) -> str:
    """Return the address of a callback; the account's token goes into it when KAZOO cannot send headers."""
    url = target.public_url + (path if path.startswith("/") else f"/{path}")
    if not with_token or target.token is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}token={quote(target.token, safe='')}"
