"""Where the requests go: handlers in this process, an address, or a script of answers."""

from __future__ import annotations

import base64
import http.client
import json
import logging
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable
from urllib.parse import parse_qsl, quote, urlsplit

from ._request import HttpRequest

FailureKind: TypeAlias = Literal[
    "refused", "dns", "tls", "reset", "timeout", "protocol", "elsewhere", "refused_url"
]
Handler: TypeAlias = Callable[[dict[str, Any], Any], dict[str, Any]]

PUBLIC_URL = "http://pivot.example.test"
TOKEN_HEADER = "X-Pivot-Token"  # noqa: S105 - the header's name
EXCEPTION_HEADER = "x-simulator-exception"
_log = logging.getLogger("kazoo_simulator")


class TransportError(Exception):
    """No answer came back; `kind` says how, `took_ms` how long the caller waited for nothing."""

    def __init__(self, kind: FailureKind, message: str, took_ms: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.took_ms = took_ms


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, names of headers in lower case."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    took_ms: int = 0

    def header(self, name: str) -> str | None:
        """Return the first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key == name), None)


@runtime_checkable
class Target(Protocol):
    """What a simulator needs of the web server it asks."""

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
        self.handlers = dict(handlers)
        self.public_url = public_url.rstrip("/")
        self.token = token
        self._measured = measured

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        """Call the handler of the request's path; an exception of it answers 500 as Lambda's would."""
        path = _path_below(self.public_url, request.url)
        handler = self.handlers.get(urlsplit(path).path)
        if handler is None:
            return Answer(404, b'{"message":"Not Found"}', (("content-type", "application/json"),))
        began = time.perf_counter()
        try:
            result = handler(api_gateway_event(request, path), LambdaContext(timeout_ms=timeout_ms))
        except Exception as error:  # noqa: BLE001 - API Gateway turns any failure of a function into this
            _log.exception("the handler of %s raised", urlsplit(path).path)
            note = (EXCEPTION_HEADER, f"{type(error).__name__}: {error}")
            return Answer(
                500, b'{"message":"Internal Server Error"}', (("content-type", "application/json"), note)
            )
        took_ms = round((time.perf_counter() - began) * 1000) if self._measured else 0
        return _from_lambda(result, took_ms)


class Http:
    """Asks a running stack.

    `base_url` is where it listens, `public_url` the address it gives itself in nested voice_urls (KAZOO
    refuses localhost there), which is mapped back to `base_url`. Requests to any other host are not made.
    `verify=False` takes any certificate, as KAZOO 4.3 does.
    """

    def __init__(
        self, base_url: str, token: str | None = None, *, public_url: str | None = None, verify: bool = True
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.public_url = (public_url or base_url).rstrip("/")
        self.token = token
        self._verify = verify

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        """Send the bytes as they are and wait for the whole answer, at most `timeout_ms`."""
        address = request.url
        if not _is_below(self.base_url, address):
            address = self.base_url + _path_below(self.public_url, request.url)
        host = urlsplit(address).netloc
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


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What a Lambda function gets as its context."""

    function_name: str = "simulated"
    function_version: str = "$LATEST"
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:simulated"
    memory_limit_in_mb: int = 1024
    aws_request_id: str = field(default_factory=lambda: secrets.token_hex(16))
    log_group_name: str = "/aws/lambda/simulated"
    log_stream_name: str = "simulated"
    timeout_ms: int = 5000
    began: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left before Lambda would stop the function."""
        return max(0, round(self.timeout_ms - (time.monotonic() - self.began) * 1000))


def api_gateway_event(request: HttpRequest, target: str) -> dict[str, Any]:
    """Return the event an HTTP API hands to a function (payload format 2.0).

    Bodies that are not text or JSON arrive in base64, forms among them.
    """
    parts = urlsplit(target)
    headers: dict[str, str] = {}
    for name, value in request.headers:
        if name not in ("connection", "te"):
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    domain = headers.get("host", "")
    headers |= {"x-forwarded-for": "198.51.100.20", "x-forwarded-proto": "https", "x-forwarded-port": "443"}
    query: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    now = datetime.now(UTC)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{request.method} {parts.path}",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "simulated",
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "http": {
                "method": request.method,
                "path": parts.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.20",
                "userAgent": "",
            },
            "requestId": secrets.token_urlsafe(11),
            "routeKey": f"{request.method} {parts.path}",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
    if request.body:
        as_text = headers.get("content-type", "").startswith(("application/json", "text/"))
        event["body"] = request.body.decode() if as_text else base64.b64encode(request.body).decode()
        event["isBase64Encoded"] = not as_text
    return event


def send_bytes(request: HttpRequest, timeout_ms: int, *, verify: bool = True) -> Answer:
    """Send a request exactly as given over HTTP/1.1; the timeout covers connecting and the whole answer."""
    parts = urlsplit(request.url)
    seconds = timeout_ms / 1000
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        if not verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
    began = time.perf_counter()
    expired = threading.Event()

    def give_up() -> None:
        expired.set()
        if connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        response, body = _exchange(
            connection, request, parts.path + (f"?{parts.query}" if parts.query else "")
        )
        headers = tuple((name.lower(), value) for name, value in response.getheaders())
    except (OSError, http.client.HTTPException) as error:
        took_ms = _ms_since(began)
        if expired.is_set() or isinstance(error, TimeoutError):
            raise TransportError("timeout", f"no answer within {timeout_ms} ms", timeout_ms) from error
        raise TransportError(_kind(error), f"{type(error).__name__}: {error}", took_ms) from error
    finally:
        timer.cancel()
        connection.close()
    names = [name for name, _ in headers]
    if "content-length" in names and "transfer-encoding" in names:
        msg = "the answer has both content-length and transfer-encoding"
        raise TransportError("protocol", msg, _ms_since(began))
    return Answer(response.status, body, headers, _ms_since(began))


def _exchange(
    connection: http.client.HTTPConnection, request: HttpRequest, target: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.putrequest(request.method, target or "/", skip_host=True, skip_accept_encoding=True)
    for name, value in request.headers:
        connection.putheader(name, value)
    connection.endheaders(request.body or None)
    response = connection.getresponse()
    return response, response.read()


def _ms_since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _kind(error: Exception) -> FailureKind:
    kinds: Iterable[tuple[type[Exception], FailureKind]] = (
        (ConnectionRefusedError, "refused"),
        (socket.gaierror, "dns"),
        (ssl.SSLError, "tls"),
        (http.client.RemoteDisconnected, "reset"),
        (ConnectionError, "reset"),
        (http.client.InvalidURL, "refused_url"),
        (http.client.HTTPException, "protocol"),
    )
    return next((kind for of_type, kind in kinds if isinstance(error, of_type)), "reset")


def _is_below(base: str, url: str) -> bool:
    return url == base or url.startswith((base + "/", base + "?"))


def _path_below(public_url: str, url: str) -> str:
    if _is_below(public_url, url):
        return url[len(public_url) :] or "/"
    host = urlsplit(url).netloc
    raise TransportError("elsewhere", f"the simulator asks only {public_url}, and this goes to {host}")


def _from_lambda(result: Any, took_ms: int) -> Answer:
    if not isinstance(result, Mapping) or "statusCode" not in result:
        body = result if isinstance(result, str) else json.dumps(result)
        return Answer(200, body.encode(), (("content-type", "application/json"),), took_ms)
    body = str(result.get("body") or "")
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = {name.lower(): str(value) for name, value in (result.get("headers") or {}).items()}
    # API Gateway names a type for an answer without one.
    headers.setdefault("content-type", "text/plain; charset=utf-8")
    headers["content-length"] = str(len(content))
    return Answer(int(result["statusCode"]), content, tuple(headers.items()), took_ms)


def voice_url(target: Target, path: str, *, with_token: bool) -> str:
    """Return the address of a callback; the account's token goes into it when KAZOO cannot send headers."""
    url = target.public_url + (path if path.startswith("/") else f"/{path}")
    if not with_token or target.token is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}token={quote(target.token, safe='')}"
