"""One HTTP request within one deadline, with every limit in force before anything takes memory.

Standard library only: an import of a full HTTP library is silence in a caller's ear, and the limits here (one
deadline for name, connection, TLS, headers and body; a count of all bytes received; checked addresses) would
have to be built around it all the same.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import field
from typing import Protocol
from urllib.parse import urlsplit

from pivot_app.http_source._addresses import AddressRefusedError, allowed_hosts, check_public, resolve
from pivot_app.http_source._errors import HttpSourceError
from pivot_app.lazy_dataclass import dataclass

MAX_ANSWER_BYTES = 65_536
MAX_HEADER_BYTES = 32_768
MAX_ADDRESSES = 4
KEEP_IDLE_S = 20.0
USER_AGENT = "pivot-lambda"

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|[0-9a-f:.]{2,45}")
_PRINTABLE = re.compile(r"[!-~]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: status, content type in lower case without parameters, body."""

    status: int
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)


class Client(Protocol):
    """Makes requests; tests put another one in its place."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout_ms: int,
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer, or raise HttpSourceError."""


class HttpClient:
    """Makes requests to public HTTPS addresses, and to the hosts that the operator allows by name.

    Never follows a redirection: it would carry the credentials elsewhere. Takes no content encoding: a few
    bytes can unpack to gigabytes. Uses no proxy of the environment.
    """

    def __init__(
        self,
        *,
        allow: frozenset[str] | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allow` is what `allowed_hosts()` reads from the environment, unless given."""
        self._allow = allowed_hosts() if allow is None else allow
        self._max_answer_bytes = max_answer_bytes
        self._tls = tls
        self._idle: dict[tuple[str, str, int], tuple[_Connection, float]] = {}
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout_ms: int,
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer, whatever its status.

        Raises:
            AddressRefusedError: The URL is not https, or its address is not public, and the host is not
                allowed.
            HttpSourceError: No complete answer within `timeout_ms` and the limits.
        """
        deadline = time.monotonic() + timeout_ms / 1000
        target = check_url(url, self._allow)
        check_headers(headers)
        kept = self._kept(target)
        if kept is not None:
            try:
                return self._exchange(kept, method, target, headers, body, deadline)
            except _ClosedError:
                # It was closed meanwhile, before any byte of an answer: ask again on a new connection.
                if method not in ("GET", "HEAD"):
                    raise HttpSourceError("it closed the connection without an answer") from None
        try:
            return self._exchange(self._connect(target, deadline), method, target, headers, body, deadline)
        except _ClosedError:
            raise HttpSourceError("it closed the connection without an answer") from None

    def close(self) -> None:
        """Close the connections that are kept."""
        with self._lock:
            kept, self._idle = list(self._idle.values()), {}
        for connection, _ in kept:
            connection.close()

    def _exchange(
        self,
        connection: _Connection,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: float,
    ) -> Answer:
        reusable = False
        try:
            answer, reusable = connection.exchange(
                method, target, headers, body, deadline, self._max_answer_bytes
            )
        finally:
            if reusable:
                self._keep(target, connection)
            else:
                connection.close()
        return answer

    def _kept(self, target: Target) -> _Connection | None:
        with self._lock:
            found = self._idle.pop(target.place, None)
        if found is None:
            return None
        connection, until = found
        if time.monotonic() < until:
            return connection
        connection.close()
        return None

    def _keep(self, target: Target, connection: _Connection) -> None:
        with self._lock:
            previous = self._idle.get(target.place)
            self._idle[target.place] = (connection, time.monotonic() + KEEP_IDLE_S)
        if previous is not None:
            previous[0].close()

    def _connect(self, target: Target, deadline: float) -> _Connection:
        addresses = resolve(target.host, target.port, deadline)
        if not target.is_allowed:
            check_public(addresses)
        failure = "it does not accept connections"
        candidates = addresses[:MAX_ADDRESSES]
        for position, address in enumerate(candidates):
            share = _remaining(deadline) / (len(candidates) - position)
            try:
                sock = socket.create_connection((address, target.port), timeout=share)
            except TimeoutError:
                failure = "it did not accept a connection in time"
                continue
            except OSError:
                continue
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return _Connection(self._secured(sock, target, deadline))
            except BaseException:
                sock.close()
                raise
        raise HttpSourceError(failure)

    def _secured(self, sock: socket.socket, target: Target, deadline: float) -> socket.socket:
        if target.scheme == "http":
            return sock
        if self._tls is None:
            self._tls = ssl.create_default_context()
        sock.settimeout(_remaining(deadline))
        try:
            return self._tls.wrap_socket(sock, server_hostname=target.host)
        except TimeoutError:
            raise HttpSourceError("it did not finish the TLS handshake in time") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "verify_message", "") or type(error).__name__
            raise HttpSourceError(f"TLS failed: {reason}") from None


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed URL: scheme, host, port, path with query; and whether the operator allows the host."""

    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool

    @property
    def place(self) -> tuple[str, str, int]:
        """The key that connections are pooled by."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def check_url(url: str, allow: frozenset[str] = frozenset()) -> Target:
    """Return where a URL leads. No name is resolved here.

    Raises:
        AddressRefusedError: It is not https and its host is not allowed, or it is not a plain host address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise AddressRefusedError("its URL has no usable host and port") from None
    if not _PRINTABLE.fullmatch(url) or not _HOST.fullmatch(host) or ".." in host:
        raise AddressRefusedError("its URL has no usable host, or a character that must be escaped")
    if "@" in parts.netloc:
        raise AddressRefusedError("its URL holds a user name; put credentials into headers")
    if parts.scheme not in ("https", "http"):
        raise AddressRefusedError("its URL is not https")
    port = port or (443 if parts.scheme == "https" else 80)
    is_allowed = host in allow or f"{host}:{port}" in allow
    if parts.scheme == "http" and not is_allowed:
        raise AddressRefusedError("its URL is http; use https, or allow the host explicitly")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, is_allowed)


def check_headers(headers: Mapping[str, str]) -> None:
    """Raise HttpSourceError for a header that cannot be sent; the message never holds a value."""
    for name, value in headers.items():
        if not isinstance(value, str) or not _HEADER_NAME.fullmatch(name):
            raise HttpSourceError("a header's name or value has the wrong form")
        if any(not 32 <= ord(character) <= 255 for character in value):
            raise HttpSourceError(f"the value of header {name} holds a character that cannot be sent")
        if name.lower() in ("host", "content-length", "transfer-encoding", "accept-encoding", "connection"):
            raise HttpSourceError(f"header {name} is set by the client, not by settings")


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise HttpSourceError("it did not finish its answer in time")
    return remaining


class _ClosedError(Exception):
    """The other side closed a connection before the first byte of its answer."""


class _Connection:
    """An open connection, with requests one after another."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def exchange(
        self,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: float,
        max_answer_bytes: int,
    ) -> tuple[Answer, bool]:
        """Return the answer, and whether the connection can serve another request."""
        try:
            self._socket.settimeout(_remaining(deadline))
            self._socket.sendall(_head(method, target, headers, body) + (body or b""))
        except TimeoutError:
            raise HttpSourceError("it did not take the request in time") from None
        except OSError:
            raise _ClosedError from None
        incoming = _Incoming(self._socket, deadline, max_answer_bytes + MAX_HEADER_BYTES)
        response = http.client.HTTPResponse(incoming, method=method)  # type: ignore[arg-type]
        try:
            response.begin()
            content = _body(response, max_answer_bytes)
            reusable = not response.will_close and not incoming.leftover
        except TimeoutError:
            raise HttpSourceError("it did not finish its answer in time") from None
        except (http.client.HTTPException, OSError, ValueError) as error:
            if not incoming.received:
                raise _ClosedError from None
            raise HttpSourceError(f"its answer is not HTTP ({type(error).__name__})") from None
        finally:
            response.close()
        content_type = (response.getheader("content-type") or "").partition(";")[0].strip().lower()
        return Answer(response.status, content_type[:100], content), reusable

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def _head(method: str, target: Target, headers: Mapping[str, str], body: bytes | None) -> bytes:
    lines = [f"{method} {target.path} HTTP/1.1", f"Host: {target.authority}"]
    given = {name.lower() for name in headers}
    if "user-agent" not in given:
        lines.append(f"User-Agent: {USER_AGENT}")
    if "accept" not in given:
        lines.append("Accept: application/json")
    lines.append("Accept-Encoding: identity")
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _body(response: http.client.HTTPResponse, limit: int) -> bytes:
    encodings = response.headers.get_all("content-encoding", [])
    if any(each.strip().lower() not in ("", "identity") for each in encodings):
        raise HttpSourceError("it answered with a content encoding, although none was asked for")
    transfer = response.headers.get_all("transfer-encoding", [])
    if transfer and [each.strip().lower() for each in transfer] != ["chunked"]:
        raise HttpSourceError("it answered with a transfer encoding that is not plain chunks")
    if response.length is not None and response.length > limit:
        raise HttpSourceError(f"it answered more than {limit} bytes")
    content = response.read(limit + 1)
    if len(content) > limit:
        raise HttpSourceError(f"it answered more than {limit} bytes")
    if response.length:
        raise HttpSourceError("it closed the connection in the middle of its answer")
    return content


class _Incoming(io.BufferedIOBase):
    """The received bytes of a connection, as the file that http.client reads.

    Every read waits no longer than the deadline, and all bytes are counted. Unlike a BufferedReader it can
    say whether bytes came that belong to no answer, in which case the connection is not used again.
    """

    def __init__(self, sock: socket.socket, deadline: float, limit: int) -> None:
        super().__init__()
        self._socket = sock
        self._deadline = deadline
        self._limit = limit
        self._buffer = bytearray()
        self.received = 0

    @property
    def leftover(self) -> bool:
        """Whether bytes were received beyond the answer."""
        return bool(self._buffer)

    def makefile(self, mode: str) -> _Incoming:  # noqa: ARG002 - http.client asks a socket for its file
        """Return itself."""
        return self

    def readable(self) -> bool:
        """Return True."""
        return True

    def readline(self, size: int | None = -1) -> bytes:
        """Return up to the end of a line, `size` bytes at most."""
        limit = self._limit if size is None or size < 0 else size
        while (end := self._buffer.find(b"\n")) < 0 and len(self._buffer) < limit and self._receive():
            pass
        return self._take(min(limit, end + 1 if end >= 0 else limit))

    def read(self, size: int | None = -1) -> bytes:
        """Return `size` bytes, fewer where the connection ends, or everything."""
        limit = self._limit + 1 if size is None or size < 0 else size
        while len(self._buffer) < limit and self._receive():
            pass
        return self._take(limit)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _receive(self) -> bool:
        self._socket.settimeout(_remaining(self._deadline))
        piece = self._socket.recv(8192)
        self.received += len(piece)
        if self.received > self._limit:
            raise HttpSourceError(f"it answered more than {self._limit} bytes")
        self._buffer += piece
        return bool(piece)
