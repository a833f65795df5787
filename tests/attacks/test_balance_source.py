"""A balance source that attacks: slow, huge, packed, absurd, or somewhere it must not be."""

from __future__ import annotations

import gzip
import io
import json
import secrets
from collections.abc import Callable, Iterator

import pytest

from tests.attacks.attacker import KAZOO_WAITS_S, PREFIX, Answer, Victim, client_of
from tests.http_source.raw_server import RawServer

pytestmark = pytest.mark.stack

Serve = Callable[..., RawServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers on a host that the operator allows; they end with the test."""
    servers: list[RawServer] = []

    def start(*pieces: bytes | float) -> RawServer:
        servers.append(RawServer(*pieces))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def ask(victim: Victim, url: str, **settings: object) -> Answer:
    """A customer whose balance is kept there asks for it."""
    name = f"s{secrets.token_hex(4)}"
    caller = f"+1415555{secrets.randbelow(10_000):04d}"
    victim.customer(caller, balance_source=name)
    value = {"url": url, "timeout_ms": 800, "headers": {"authorization": "Bearer sesame"}, **settings}
    client_of(victim.stack, "ssm").put_parameter(
        Name=f"{PREFIX}/balance/{victim.account}/{name}", Value=json.dumps(value), Type="SecureString"
    )
    return victim.ask("/account_balance", caller=caller)


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """An answer with its length."""
    head = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def bomb(megabytes: int = 50) -> bytes:
    """Zeros, packed twice."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as once:
        for _ in range(megabytes):
            once.write(b"0" * 10**6)
    return gzip.compress(packed.getvalue())


def amount(text: str) -> bytes:
    """A balance of this number, as it stands in the JSON."""
    return whole(b'{"available": %s, "currency": "USD"}' % text.encode())


GOOD = amount("12.5")


def test_the_source_is_asked(victim: Victim, serve: Serve) -> None:
    """What the attacks are compared with."""
    server = serve(GOOD)
    assert "twelve dollars, fifty cents" in ask(victim, f"http://127.0.0.1:{server.port}/{{account_id}}").said


@pytest.mark.parametrize(
    "pieces",
    [
        (b"HTTP/1.1 200 OK\r\n",
        *(piece for number in range(40) for piece in (b"X-%d: a\r\n" % number, 0.2))),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n", *(piece for _ in range(40) for piece in (b" ",
        0.2))),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        *(p for _ in range(40) for p in (b"1\r\n \r\n", 0.2))),
        (*(piece for _ in range(40) for piece in (b"HTTP/1.1 100 Continue\r\n\r\n", 0.2)),),
        (9.0, GOOD),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 60_000,),
        (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 2_000 + b"\r\n{}",),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 300_000,),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n{}",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\n{}",),
        (whole(bomb(), b"Content-Encoding: gzip, gzip"),),
        (whole(gzip.compress(b"0" * 10**6), b"Content-Encoding: gzip"),),
        (whole(b'{"available": 5, "currency": "USD"}', b"Content-Encoding: br"),),
        (whole(b"", b"Location: http://169.254.169.254/latest/meta-data/", status=b"302 Found"),),
        (whole(b'{"available":' * 30_000),),
        (b"\x16\x03\x01\x02\x00",),
        (b"",),
    ],
    ids=[
        "headers drip", "the body drips", "chunks drip", "endless 100", "silence", "one long header",
        "many headers",
        "no end of lists", "a length beyond all", "a chunk beyond all", "packed twice", "packed", "brotli",
        "a redirect",
        "nested", "TLS", "nothing",
    ],
)  # fmt: skip
def test_an_answer_that_attacks_is_no_balance(
    victim: Victim, serve: Serve, pieces: tuple[bytes | float, ...]
) -> None:
    """The caller hears that the balance is not available, in the time KAZOO waits, and the call goes on."""
    server = serve(*pieces)
    answer = ask(victim, f"http://127.0.0.1:{server.port}/{{account_id}}")
    assert "not available" in answer.said
    assert answer.seconds < KAZOO_WAITS_S - 1
    assert server.connections == 1
    assert "sesame" not in answer.text


@pytest.mark.parametrize(
    "number",
    ["1e999999", '"1e999999"', "-1e999999", "1e400", "NaN", "Infinity", '"NaN"', "null", "true", "[]",
     "{}", '""', '"１２"',
     "9" * 5_000, f'"{"9" * 30}"', '"0x10"', '"1_000"', '" 5 "', "1e-999999",
     '"1,5"', '"12,50"', "00012.5"],
)  # fmt: skip
def test_a_number_no_balance_can_be(victim: Victim, serve: Serve, number: str) -> None:
    """It is a failure of the source, and the call gets its answer."""
    server = serve(amount(number))
    answer = ask(victim, f"http://127.0.0.1:{server.port}/{{account_id}}")
    assert "not available" in answer.said


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "localhost.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1",
        "127.0.0.2", "0.0.0.0",
        "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]",
        "[::127.0.0.1]",
        "[2002:7f00:1::]", "127.0.0.1.", "user@127.0.0.1", "127.0.0.1@127.0.0.2",
        "127.0.0.1%00.example.com",
        "127。0。0。1", "①27.0.0.1", "ip6-localhost",
    ],
)  # fmt: skip
def test_an_address_of_the_inside_is_not_asked(victim: Victim, serve: Serve, host: str) -> None:
    """However it is written, and also as a name that resolves to it; allowed is one host, by its name."""
    server = serve(GOOD)
    answer = ask(victim, f"http://{host}:{server.port}/{{account_id}}")
    assert "not available" in answer.said
    assert server.connections == 0
    secure = ask(victim, f"https://{host}:{server.port}/{{account_id}}")
    assert "not available" in secure.said
    assert server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data/{account_id}", "https://[fd00:ec2::254]/{account_id}",
        "https://10.0.0.1/{account_id}", "https://192.168.0.1/{account_id}",
        "https://100.64.0.1/{account_id}",
        "https://[fe80::1]/{account_id}", "http://example.com/{account_id}",
        "file:///etc/passwd#{account_id}",
        "gopher://127.0.0.1:6379/{account_id}", "https:///{account_id}",
        "https://168.63.129.16/{account_id}",
        "https://metadata.google.internal/{account_id}", "https://127.0.0.1:99999/{account_id}",
    ],
)  # fmt: skip
def test_metadata_and_other_schemes_are_refused_at_once(victim: Victim, url: str) -> None:
    """Without waiting for anybody."""
    answer = ask(victim, url)
    assert "not available" in answer.said
    assert answer.seconds < KAZOO_WAITS_S / 2
