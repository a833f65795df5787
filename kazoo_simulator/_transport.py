"""One HTTP request over the wire, exactly as given, and its answer."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ._request import HttpRequest
from ._urls import split_url

FailureKind: TypeAlias = Literal[
    "refused", "dns", "tls", "reset", "timeout", "protocol", "elsewhere", "refused_url"
]


class TransportError(Exception):
    """No answer came back; `kind` says why, `took_ms` how long the caller waited."""

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


class _RawRequestLine:
    """KAZOO sends what is not ASCII in a query as it is; Python's client would refuse it."""

    def _encode_request(self, request: str) -> bytes:
        return request.encode()


class _HttpConnection(_RawRequestLine, http.client.HTTPConnection):
    pass


class _HttpsConnection(_RawRequestLine, http.client.HTTPSConnection):
    pass


def send_bytes(request: HttpRequest, timeout_ms: int, *, verify: bool = True) -> Answer:
    """Send a request exactly as given over HTTP/1.1; the timeout covers connecting and the whole answer."""
    parts = split_url(request.url)
    seconds = timeout_ms / 1000
    try:
        host, port = parts.host, parts.port
    except ValueError as error:
        raise TransportError("refused_url", f"KAZOO's HTTP client refuses the URL: {error}") from None
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        if not verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = _HttpsConnection(host, port, timeout=seconds, context=context)
    else:
        connection = _HttpConnection(host, port, timeout=seconds)
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
        response, body = _exchange(connection, request, parts.target)
        headers = tuple((name.lower(), value) for name, value in response.getheaders())
    except (OSError, http.client.HTTPException, ValueError) as error:
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
    connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in request.headers:
        connection.putheader(name, value.encode())
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
        (ValueError, "refused_url"),
        (http.client.HTTPException, "protocol"),
    )
    return next((kind for of_type, kind in kinds if isinstance(error, of_type)), "reset")
