"""The check on the hosts of URLs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kazoo_callflow import BlockedHosts, validate
from kazoo_callflow._hosts import UnsplittableUrlError, host_checked

REFUSED = [
    "http://localhost",
    "https://LOCALHOST:8443/x",
    "http://localhost:80@example.com/x",
    "http://user@secret:localhost/x",
    "http://bob@example.com/x",
    "http://127.0.0.1/x",
    "http://0.0.0.0:80",
    "https://localhost?x=1",
    "https://localhost#x",
]
TAKEN = [
    "https://voice.example.com/x",
    "http://127.0.0.2/x",
    "http://10.0.0.1/x",
    "http://localhost.example.com",
    "https://[::1]:8080/x",
    "https://[127.0.0.1]/x",
    "http://user:secret@localhost/x",
    "https://localhost./x",
    "https://127.0.0.01/x",
    "https:///x",
    "https://example.com/?next=http://localhost",
]


def pivot(url: object) -> dict[str, object]:
    """Write a pivot node that asks this URL."""
    return {"module": "pivot", "data": {"voice_url": url}}


@pytest.mark.parametrize("url", REFUSED)
def test_black_listed_hosts_are_refused(url: str) -> None:
    """KAZOO's own lists: the name localhost, and two addresses."""
    (problem,) = validate(pivot(url), "4.3")
    assert (problem.rule, problem.path) == ("url", "$.data.voice_url")


@pytest.mark.parametrize("url", TAKEN)
def test_other_hosts_are_taken(url: str) -> None:
    """Names are compared as text and never looked up; private addresses are taken by default."""
    assert validate(pivot(url), "4.3") == []


def test_an_operator_can_block_more_or_nothing() -> None:
    """The lists are the cluster's to set."""
    private = BlockedHosts(names=("internal.example",), networks=("10.0.0.0/8", "fd00::/8"))
    for url in ("http://10.1.2.3/x", "http://internal.example/x"):
        assert validate(pivot(url), blocked=private)
    assert validate(pivot("http://localhost/x"), blocked=private) == []
    assert validate(pivot("http://localhost/x"), blocked=BlockedHosts.none()) == []


def test_every_url_kazoo_checks_is_checked() -> None:
    """voice_url, a webhook's uri and a recording's url; cdr_url is not checked by KAZOO."""
    for module, field in (("webhook", "uri"), ("record_call", "url"), ("record_caller", "url")):
        document = {"module": module, "data": {field: "http://localhost/x"}}
        assert [problem.rule for problem in validate(document)] == ["url"]
        assert validate(document, urls=False) == []
        assert [p.rule for p in validate({"module": module, "data": {field: "ftp://a.example/x"}})] == ["url"]
    cdr = {"voice_url": "https://x.example", "cdr_url": "http://localhost"}
    assert validate({"module": "pivot", "data": cdr}) == []


VECTORS = Path(__file__).parents[1] / "vectors" / "urls.json"


def test_every_vector_gets_the_verdict_of_kazoo() -> None:
    """KAZOO's own validator judged these URLs; one on which it crashes is rejected, with its own sentence."""
    for row in json.loads(VECTORS.read_text("utf-8"))["urls"]:
        problems = validate(pivot(row["url"]), "4.3")
        assert bool(problems) == (row["verdict"] != "accepted"), row
        crashes = [problem for problem in problems if "crashes" in problem.message]
        assert bool(crashes) == (row["verdict"] == "crash"), row


def test_every_vector_checks_the_host_kazoo_checks() -> None:
    """Of each URL the same host is held against the black lists."""
    for row in json.loads(VECTORS.read_text("utf-8"))["urls"]:
        rest = row["url"].partition(":")[2]
        if row["verdict"] == "crash":
            with pytest.raises(UnsplittableUrlError):
                host_checked(rest)
        elif row["host"] is not None:
            assert host_checked(rest) == row["host"].encode().lower().decode(), row


class CrashError(Exception):
    """No clause matches."""


def split_literally(url: bytes) -> bytes:
    """Find the host as the description of KAZOO's splitter has it, byte by byte."""
    scheme, place = b"", 0
    while True:
        if place == len(url) or not re.match(rb"[A-Za-z0-9+.:-]", url[place : place + 1]):
            return b"(no scheme)"
        if url[place] == ord(":"):
            break
        scheme += url[place : place + 1]
        place += 1
    place += 1
    if scheme not in (b"http", b"https"):
        return b"(no scheme)"
    return _authority(url[place + 2 :]) if url[place : place + 2] == b"//" else b""


def _authority(rest: bytes) -> bytes:
    buffer = b""
    for place in range(len(rest)):
        byte = rest[place : place + 1]
        if byte in (b"/", b"?", b"#", b":"):
            return buffer
        if byte == b"@":
            return _password(rest[place + 1 :])
        buffer += byte
    return buffer


def _password(rest: bytes) -> bytes:
    for place in range(len(rest)):
        if rest[place : place + 1] == b":":
            return _authority(rest[place + 1 :])
    raise CrashError


PIECES = (
    st.sampled_from(
        ["/", "//", "?", "#", ":", "@", "[", "]", "=", "&", "+", ".", " ", "\n", "\t", "\x00", "\x7f", "\\"]
    )
    | st.sampled_from(
        ["localhost", "LocalHost", "ｌｏｃａｌｈｏｓｔ", "127.0.0.1", "0.0.0.0", "127.0.0.01", "::1"]
    )
    | st.sampled_from(["0x7f.1", "2130706433", "80", "1:2", "@:", ":@", "%6c", "%40", "%2F", "é", "\u0661"])
    | st.sampled_from(["h", "user", "example.com"])
    | st.text(max_size=4)
)


@given(st.sampled_from(["http", "https", "HTTP", "htt p", "", "h-t.t+p"]), st.lists(PIECES, max_size=14))
@settings(max_examples=1500, deadline=None)
def test_urls_are_split_as_described(scheme: str, pieces: list[str]) -> None:
    """The verdict on any URL is that of a literal transcription of KAZOO's algorithm."""
    url = f"{scheme}:{''.join(pieces)}"
    rejected = bool(validate(pivot(url), "4.3"))
    try:
        host = split_literally(url.encode()).lower()
    except CrashError:
        assert rejected
        return
    bad_pattern = not url.startswith(("http://", "https://"))
    assert rejected == (bad_pattern or host in (b"(no scheme)", b"localhost", b"127.0.0.1", b"0.0.0.0")), host
