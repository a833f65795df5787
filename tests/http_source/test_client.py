"""One request to someone else's system: every limit holds whatever that system sends."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pivot_app.http_source import AddressRefusedError, Answer, HttpClient, HttpSourceError
from tests.http_source.raw_server import RawServer

Serve = Callable[..., RawServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers; they end with the test."""
    servers: list[RawServer] = []

    def start(*pieces: bytes | float, keep_open: bool = False) -> RawServer:
        servers.append(RawServer(*pieces, keep_open=keep_open))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def client() -> Iterator[HttpClient]:
    """A client that the operator allowed to ask this machine."""
    made = HttpClient(allow=frozenset({"127.0.0.1", "localhost"}))
    yield made
    made.close()


def get(client: HttpClient, url: str, timeout_ms: int = 400, **headers: str) -> Answer:
    """One GET."""
    return client.request("GET", url, headers=headers, timeout_ms=timeout_ms)


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer with its length."""
    head = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ((whole(b'{"a":1}'),), b'{"a":1}'),
        ((b"HTTP/1.1 200 OK\r\n\r\nuntil the end",), b"until the end"),
        ((CHUNKED, b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n"), b"abcde"),
        ((b"HTTP/1.0 200 OK\r\n\r\n", b"old"), b"old"),
        ((whole(b"x", b"Content-Encoding: identity"),), b"x"),
        ((whole(b""),), b""),
        ((b"HTTP/1.1 100 Continue\r\n\r\n" + whole(b"x"),), b"x"),
        (
            (b"HTTP", 0.02, b"/1.1 200 OK\r\nContent-", 0.02, b"Length: 2\r\n\r\n", 0.02, b"a", 0.02, b"b"),
            b"ab",
        ),
    ],
)
def test_every_form_of_a_complete_answer_is_read(
    serve: Serve, client: HttpClient, pieces: Any, body: bytes
) -> None:
    """With a length, in chunks, or up to the end of the connection."""
    answer = get(client, serve(*pieces).url)
    assert (answer.status, answer.body) == (200, body)


def test_what_is_asked(serve: Serve, client: HttpClient) -> None:
    """Identity encoding, the given headers, and the query of the address."""
    server = serve(whole(b"{}", b"Content-Type: Application/JSON; charset=utf-8"))
    answer = client.request(
        "POST", server.url + "?x=1", headers={"authorization": "Bearer s"}, timeout_ms=400, body=b"[]"
    )
    assert answer.content_type == "application/json"
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.splitlines()[0] == b"POST /balances/1001?x=1 HTTP/1.1"
    assert b"Accept-Encoding: identity" in head
    assert b"authorization: Bearer s" in head
    assert b"Content-Length: 2" in head
    assert body == b"[]"
    assert "Bearer" not in repr(answer)


@pytest.mark.parametrize(
    "pieces",
    [
        [piece for i in range(60) for piece in (b"X-%d: a\r\n" % i, 0.05)],
        [piece for _ in range(60) for piece in (b"x", 0.05)],
        [b"\r\n\r\n", *[piece for _ in range(60) for piece in (b"x", 0.05)]],
        [b"\r\nTransfer-Encoding: chunked\r\n\r\n", *[p for _ in range(60) for p in (b"1\r\nx\r\n", 0.05)]],
        [5.0],
    ],
    ids=["headers", "one header", "body", "chunks", "silence"],
)
def test_one_deadline_for_everything(serve: Serve, client: HttpClient, pieces: Any) -> None:
    """A system that drips its answer, wherever in it, does not hold the caller longer than a silent one."""
    server = serve(b"HTTP/1.1 200 OK\r\n", *pieces)
    began = time.monotonic()
    with pytest.raises(HttpSourceError, match="in time"):
        get(client, server.url, timeout_ms=300)
    assert time.monotonic() - began < 2, "the server drips for three seconds and more"


def test_the_deadline_covers_the_name(client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """`getaddrinfo` knows no timeout; the caller does not wait for it."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(3) or [])
    began = time.monotonic()
    with pytest.raises(HttpSourceError, match="did not resolve in time"):
        get(client, "https://slow.example/", timeout_ms=200)
    assert time.monotonic() - began < 2


def test_the_deadline_covers_tls(serve: Serve, client: HttpClient) -> None:
    """A server that never finishes the handshake."""
    with pytest.raises(HttpSourceError, match="TLS"):
        get(client, serve(5.0).url.replace("http://", "https://"), timeout_ms=300)


def bomb() -> bytes:
    """Two megabytes, packed twice into some hundred bytes."""
    return gzip.compress(gzip.compress(bytes(2_000_000)))


@pytest.mark.parametrize(
    "answer",
    [
        whole(bomb(), b"Content-Encoding: gzip, gzip"),
        whole(bomb(), b"Content-Encoding: identity", b"Content-Encoding: gzip"),
        whole(b"x", b"Content-Encoding: br"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
    ],
)
def test_no_encoding_is_taken(serve: Serve, client: HttpClient, answer: bytes) -> None:
    """None was asked for, and a few bytes may unpack to gigabytes."""
    with pytest.raises(HttpSourceError, match="encoding"):
        get(client, serve(answer).url)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n" + b"x" * 1000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000,
        CHUNKED + b"%x\r\n" % 200_000 + b"x" * 200_000,
        CHUNKED + b"fffffffffffff\r\n" + b"x" * 200_000,
        CHUNKED + b"1\r\nx\r\n" * 40_000,
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 50_000,
        b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 200_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        CHUNKED + b"0\r\n" + b"X-A: b\r\n" * 50_000,
    ],
)
def test_limits_hold_before_memory_is_taken(serve: Serve, client: HttpClient, answer: bytes) -> None:
    """Of lengths that are told, of chunks, of headers and of what comes after."""
    with pytest.raises(HttpSourceError):
        get(client, serve(answer, keep_open=True).url, timeout_ms=1000)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        CHUNKED + b"zz\r\n",
        CHUNKED + b"5\r\nab",
        CHUNKED + b"-5\r\nab",
        bytes(range(256)),
    ],
)
def test_what_is_not_an_answer(serve: Serve, client: HttpClient, answer: bytes) -> None:
    """It is an error that says so, never another exception."""
    with pytest.raises(HttpSourceError):
        get(client, serve(answer).url)


def test_a_redirection_is_an_answer_like_any(serve: Serve, client: HttpClient) -> None:
    """Following it would carry the credentials elsewhere."""
    server = serve(whole(b"", b"Location: /elsewhere", status=b"302 Found"))
    assert get(client, server.url).status == 302
    assert len(server.requests) == 1


def test_a_connection_serves_the_next_request(serve: Serve, client: HttpClient) -> None:
    """And one that was closed meanwhile is replaced without a fault."""
    server = serve(whole(b"1"), keep_open=True)
    for _ in range(3):
        assert get(client, server.url).body == b"1"
    assert server.connections == 1
    server.keep_open = False
    for _ in range(3):
        assert get(client, server.url).body == b"1"
    assert server.connections > 1


def test_bytes_after_an_answer_are_no_answer_to_the_next_request(serve: Serve, client: HttpClient) -> None:
    """A second answer sent ahead belongs to nobody."""
    server = serve(whole(b"1") + whole(b"forged"), keep_open=True)
    assert [get(client, server.url).body for _ in range(2)] == [b"1", b"1"]


def resolves_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every name resolve to these addresses, one list after another; return the names asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.0.0.8",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "169.254.170.2",
        "100.64.0.1",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
    ],
)
def test_a_name_that_resolves_to_an_address_of_the_inside(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Loopback, private, link-local, metadata, shared, reserved; also inside an IPv6 address."""
    resolves_to(monkeypatch, [address])
    with pytest.raises(AddressRefusedError, match="private"):
        get(HttpClient(allow=frozenset()), "https://billing.example/")
    resolves_to(monkeypatch, ["93.184.215.14", address])
    with pytest.raises(AddressRefusedError, match="private"):
        get(HttpClient(allow=frozenset()), "https://billing.example/")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/latest/meta-data",
        "https://localhost/",
        "https://LOCALHOST/",
        "http://93.184.215.14/",
        "ftp://93.184.215.14/",
        "file:///etc/passwd",
        "https:///x",
        "https://user:secret@billing.example/",
        "https://billing.example:99999/",
        "https://billing.example/a b",
        "https://billing.example/\r\nX: y",
        "https://bïlling.example/",
    ],
)
def test_addresses_written_in_other_ways(url: str) -> None:
    """What a URL hides is found where it leads; no credential is in the message."""
    with pytest.raises(HttpSourceError) as refused:
        get(HttpClient(allow=frozenset()), url)
    assert "secret" not in str(refused.value)


def test_rebinding_gains_nothing(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that was checked is the one that is connected to: the name is resolved once."""
    server = serve(whole(b"inside"))
    asked = resolves_to(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    tried: list[Any] = []

    def create_connection(address: Any, **_: Any) -> Any:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(HttpSourceError, match="connections"):
        get(HttpClient(allow=frozenset()), f"https://billing.example:{server.port}/")
    assert asked == ["billing.example"]
    assert tried == [("93.184.215.14", server.port)]
    assert server.requests == []


def test_the_operator_allows_a_host_by_name(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, or by name and port; other ports and hosts stay closed."""
    server, other = serve(whole(b"1")), serve(whole(b"2"))
    monkeypatch.setenv("PIVOT_ALLOWED_HOSTS", f"billing.internal, 127.0.0.1:{server.port}")
    client = HttpClient()
    assert get(client, server.url).body == b"1"
    with pytest.raises(AddressRefusedError):
        get(client, other.url)
    client.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"x": "a\r\nb: c"},
        {"a b": "c"},
        {"x": "\u20ac"},
        {"Host": "x"},
        {"Content-Length": "7"},
        {"x": "\x00"},
    ],
)
def test_headers_that_would_change_the_request(client: HttpClient, headers: dict[str, str]) -> None:
    """Nothing is asked."""
    with pytest.raises(HttpSourceError):
        client.request("GET", "http://127.0.0.1:1/", headers=headers, timeout_ms=200)
