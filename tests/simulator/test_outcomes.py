"""What each answer of a web server does to the caller, row by row, on both versions, over real HTTP."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from kazoo_callflow import BlockedHosts
from kazoo_simulator import Answer, Http, Scripted, ScriptedCall, Simulator
from kazoo_simulator._events import AnswerJudged, DeadAir, FallbackTaken
from tests.simulator.conftest import FLOW, WebServer, http

FALLBACK = {"module": "tts", "data": {"text": "fallback"}}
TWIML = b'<?xml version="1.0"?><Response><Say>Hello</Say></Response>'
LOCATION = "Location: /elsewhere"


def outcome(call: ScriptedCall) -> str:
    """Play a call to its end and say what became of the caller."""
    while call.interpreter.step():
        pass
    if any(isinstance(event, AnswerJudged) and event.outcome == "twiml" for event in call.events):
        return "twiml"
    if any(isinstance(event, DeadAir) for event in call.events):
        assert call.ended is None
        return "dead air"
    assert call.ended is not None
    fell_back = next((event for event in call.events if isinstance(event, FallbackTaken)), None)
    if fell_back is not None:
        assert call.heard == ["fallback"]
        return "late fallback" if fell_back.at_ms >= 10_000 else "fallback"
    return "flow" if call.heard == ["welcome"] else "hang-up"


def play(target: Any, version: Any, **data: Any) -> ScriptedCall:
    """Place a call whose pivot node has a fallback."""
    kazoo = Simulator(target, version, path="/voice")
    return kazoo.call(flow=kazoo.pivot(fallback=FALLBACK, **data))


# name, the answer's bytes, what the caller gets on 4.3, and on 5
ROWS: list[tuple[str, bytes, str, str]] = [
    ("200", http(200), "flow", "flow"),
    ("206", http(206), "flow", "flow"),
    *[(str(status), http(status), "fallback", "fallback") for status in (201, 202, 203, 205, 207)],
    ("204", b"HTTP/1.1 204 X\r\n\r\n", "fallback", "fallback"),
    ("304", b"HTTP/1.1 304 X\r\n\r\n", "fallback", "fallback"),
    ("308 without end", http(308, FLOW, "application/json", LOCATION), "fallback", "fallback"),
    ("only white space", http(200, b" \n"), "hang-up", "hang-up"),
    ("half a word", http(200, b"nul"), "hang-up", "hang-up"),
    ("an unknown escape", http(200, FLOW.replace(b"welcome", b"\\x41")), "hang-up", "hang-up"),
    ("wrong quotes", http(200, b"{'module':'tts'}"), "hang-up", "hang-up"),
    (
        "later copies of children",
        http(200, FLOW[:-1] + b',"children":{},"children":{"_":{}}}'),
        "dead air",
        "hang-up",
    ),
    (
        "a URL that crashes KAZOO",
        http(200, b'{"module":"pivot","data":{"voice_url":"https://a@b/"}}'),
        "dead air",
        "hang-up",
    ),
    ("302 without Location", http(302), "fallback", "fallback"),
    ("a fifth redirect", http(302, b"", None, LOCATION), "fallback", "fallback"),
    *[(str(status), http(status), "fallback", "fallback") for status in (400, 403, 404, 413, 429)],
    *[(str(status), http(status), "fallback", "fallback") for status in (500, 502, 503, 504)],
    ("600", http(600), "late fallback", "late fallback"),
    ("empty body", http(200, b""), "hang-up", "hang-up"),
    ("syntax error", http(200, b'{"module":'), "hang-up", "hang-up"),
    ("trailing text", http(200, FLOW + b" x"), "hang-up", "hang-up"),
    ("byte order mark", http(200, b"\xef\xbb\xbf" + FLOW), "hang-up", "hang-up"),
    ("raw newline in a string", http(200, FLOW.replace(b"welcome", b"wel\ncome")), "hang-up", "hang-up"),
    ("NaN", http(200, FLOW.replace(b'"welcome"', b"NaN")), "hang-up", "hang-up"),
    ("half a surrogate", http(200, FLOW.replace(b"welcome", b"\\ud800")), "hang-up", "hang-up"),
    ("depth without end", http(200, b"[" * 200_000), "hang-up", "hang-up"),
    ("a number no double holds", http(200, FLOW.replace(b'"welcome"', b"1e400")), "hang-up", "hang-up"),
    ("a long number", http(200, FLOW.replace(b'"welcome"', b"1" * 5000)), "dead air", "hang-up"),
    ("closed depth", http(200, b"[" * 9000 + b"]" * 9000), "dead air", "hang-up"),
    ("duplicate keys", http(200, b'{"module":"tts","module":"say",' + FLOW[16:]), "flow", "flow"),
    ("gzip", http(200, gzip.compress(FLOW)), "fallback", "fallback"),
    ("Latin-1", http(200, FLOW.replace(b"welcome", b"\xe9t\xe9")), "fallback", "fallback"),
    ("wrong type", http(200, b'{"module":"tts","data":{"text":5}}'), "dead air", "hang-up"),
    ("unknown module", http(200, b'{"module":"say","data":{}}'), "dead air", "hang-up"),
    ("an array", http(200, b"[" + FLOW + b"]"), "dead air", "hang-up"),
    ("a string", http(200, b'"hello"'), "dead air", "hang-up"),
    ("wrapped in flow", http(200, b'{"flow":' + FLOW + b"}"), "dead air", "hang-up"),
    ("no content type", http(200, FLOW, None), "hang-up", "hang-up"),
    ("text/xml", http(200, FLOW, "text/xml"), "hang-up", "hang-up"),
    ("application/xml", http(200, FLOW, "application/xml; charset=utf-8"), "hang-up", "hang-up"),
    ("TwiML as JSON", http(200, TWIML), "hang-up", "hang-up"),
    ("TwiML", http(200, TWIML, "text/xml"), "twiml", "twiml"),
    ("TwiML as text", http(200, TWIML, "text/html"), "twiml", "twiml"),
    ("charset", http(200, FLOW, "application/json; charset=utf-8"), "flow", "flow"),
    ("JSON as text", http(200, FLOW, "text/plain"), "flow", "flow"),
    ("Application/JSON", http(200, FLOW, "Application/JSON"), "flow", "flow"),
    ("problem+json", http(200, FLOW, "application/problem+json"), "flow", "flow"),
    (
        "chunked",
        http(
            200,
            b"5\r\n" + FLOW[:5] + b"\r\n%x\r\n" % len(FLOW[5:]) + FLOW[5:] + b"\r\n0\r\n\r\n",
            "application/json",
        )
        .replace(b"Content-Length", b"X-Length")
        .replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n", 1),
        "flow",
        "flow",
    ),
    (
        "length and chunks",
        http(200, FLOW, "application/json", "Transfer-Encoding: chunked", "Content-Length: 5"),
        "fallback",
        "fallback",
    ),
    ("reset", b"", "fallback", "fallback"),
]


@pytest.mark.parametrize("version", ["4.3", "5"])
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_an_answer_does(server: WebServer, version: str, row: tuple[str, bytes, str, str]) -> None:
    """Each row of KAZOO's table of outcomes."""
    _, answer, on_43, on_5 = row
    server.answers = [answer]
    call = play(server.target, version)
    assert outcome(call) == (on_43 if version == "4.3" else on_5), call.ladder()


# With a cdr_url, the pivot process of 4.3 lives on, which turns some hang-ups into the fallback.
WITH_CDR_URL = [
    ("empty body", http(200, b""), "late fallback"),
    ("a wrong character", http(200, b"{'a':1}"), "late fallback"),
    ("no quotes", http(200, b"{a:1}"), "late fallback"),
    ("a comma too many", http(200, b"[1,]"), "late fallback"),
    ("a leading zero", http(200, b"01"), "late fallback"),
    ("NaN", http(200, b"NaN"), "late fallback"),
    ("trailing text", http(200, FLOW + b" x"), "late fallback"),
    ("byte order mark", http(200, b"\xef\xbb\xbf" + FLOW), "late fallback"),
    ("TwiML as JSON", http(200, TWIML), "late fallback"),
    ("truncated", http(200, b"{"), "fallback"),
    ("truncated in a string", http(200, FLOW[:-5]), "fallback"),
    ("only white space", http(200, b" \n"), "fallback"),
    ("raw newline in a string", http(200, FLOW.replace(b"welcome", b"wel\ncome")), "fallback"),
    ("an unknown escape", http(200, b'{"a":"\\x41"}'), "fallback"),
    ("half a surrogate", http(200, FLOW.replace(b"welcome", b"\\ud800")), "fallback"),
    ("half a word", http(200, b"nul"), "fallback"),
    ("a number without digits", http(200, b"-"), "fallback"),
    ("an unfinished number", http(200, b"[1.]"), "fallback"),
    ("a number no double holds", http(200, b"1e400"), "fallback"),
    ("no content type", http(200, FLOW, None), "fallback"),
    ("text/xml", http(200, FLOW, "text/xml"), "fallback"),
    ("invalid flow", http(200, b"[]"), "dead air"),
    ("valid flow", http(), "flow"),
]


@pytest.mark.parametrize("row", WITH_CDR_URL, ids=[row[0] for row in WITH_CDR_URL])
def test_what_an_answer_does_with_a_cdr_url(server: WebServer, row: tuple[str, bytes, str]) -> None:
    """The same on 4.3 for a pivot node with a cdr_url."""
    _, answer, expected = row
    server.answers = [answer]
    call = play(server.target, "4.3", cdr_url="http://pivot.example.test/cdr")
    assert outcome(call) == expected, call.ladder()


@pytest.mark.parametrize("version", ["4.3", "5"])
@pytest.mark.parametrize(
    ("base_url", "kind"),
    [
        ("http://127.0.0.1:9", "refused"),
        ("http://nobody.invalid", "dns"),
        ("https://127.0.0.1:{port}", "tls"),
    ],
)
def test_no_connection_falls_back_at_once(server: WebServer, version: str, base_url: str, kind: str) -> None:
    """Refused, no such name, no TLS: the fallback, without waiting."""
    target = Http(base_url.format(port=server.port), public_url="http://pivot.example.test")
    call = play(target, version)
    assert outcome(call) == "fallback"
    assert f"({kind})" in call.ladder()


@pytest.mark.parametrize("version", ["4.3", "5"])
def test_a_slow_answer_falls_back_after_the_timeout(server: WebServer, version: str) -> None:
    """The caller waits req_timeout_ms, not longer."""
    server.delay_s = 1
    call = play(server.target, version, req_timeout_ms=80)
    assert outcome(call) == "fallback"
    assert next(event for event in call.events if isinstance(event, FallbackTaken)).at_ms == 80


def test_a_503_to_be_retried_ends_as_a_timeout(server: WebServer) -> None:
    """KAZOO's client waits for Retry-After by itself, longer than the caller can."""
    server.answers = [http(503, b"", None, "Retry-After: 30")]
    call = play(server.target, "4.3")
    assert outcome(call) == "fallback"
    assert "(timeout)" in call.ladder()


def test_a_503_with_time_left_is_asked_again() -> None:
    """Retry-After of a second leaves time for a second request, all inside the one timeout."""
    busy = Answer(503, b"", (("retry-after", "1"),))
    call = play(Scripted([busy, Answer(200, FLOW, (("content-type", "application/json"),))]), "4.3")
    assert outcome(call) == "flow"
    call = play(Scripted([Answer(503, b"", (("retry-after", "0"),))]), "4.3")
    assert outcome(call) == "fallback"


def test_four_redirects_are_followed_and_no_fifth(server: WebServer) -> None:
    """A chain of four ends at its answer, a longer one is a failure."""
    server.answers = [*[http(302, b"", None, LOCATION)] * 4, http()]
    assert outcome(play(server.target, "4.3")) == "flow"
    server.requests.clear()
    server.answers = [http(302, b"", None, LOCATION)]
    assert outcome(play(server.target, "4.3")) == "fallback"
    assert len(server.requests) == 5


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST")])
def test_a_redirected_post(server: WebServer, status: int, method: str) -> None:
    """301, 302 and 303 lose the body; 307 posts it again."""
    server.answers = [http(status, b"", None, LOCATION), http()]
    assert outcome(play(server.target, "4.3")) == "flow"
    assert server.requests[1].startswith(f"{method} /elsewhere HTTP/1.1\r\n".encode())
    assert (b"Account-ID" in server.requests[1]) == (method == "POST")


def test_what_the_server_sees(server: WebServer) -> None:
    """The request's bytes: lower-case names in KAZOO's order and nothing else."""
    outcome(play(server.target, "4.3"))
    head = server.requests[0].partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head[0] == "POST /voice HTTP/1.1"
    assert [line.partition(":")[0] for line in head[1:]] == [
        "content-type",
        "content-length",
        "te",
        "host",
        "connection",
    ]


@pytest.mark.parametrize("version", ["4.3", "5"])
def test_a_late_answer_takes_over(server: WebServer, version: Any) -> None:
    """When the answer comes after the fallback began, its flow still replaces what runs."""
    kazoo = Simulator(server.target, version, path="/voice", bus_delay_ms=10_100)
    call = kazoo.call(flow=kazoo.pivot(fallback={"module": "play", "data": {"id": "music"}}))
    call.hears("music").hears("welcome").ends()
    assert "the late answer arrives" in call.ladder()


@pytest.mark.parametrize(("answer", "ended"), [(http(200, b""), True), (http(200, b"[]"), False)])
def test_a_late_rejected_answer(server: WebServer, answer: bytes, ended: bool) -> None:
    """Too late, an empty answer still hangs up; an invalid one on 4.3 changes nothing any more."""
    server.answers = [answer]
    kazoo = Simulator(server.target, path="/voice", bus_delay_ms=10_100)
    call = kazoo.call(flow=kazoo.pivot(fallback={"module": "sleep", "data": {"duration": 60}})).ends()
    assert call.ended is not None
    assert (call.ended.reason == "the body is empty") == ended
    assert (call.ended.at_ms < 20_000) == ended


@pytest.mark.parametrize("fallback", [None, FALLBACK])
def test_without_a_wildcard_child_the_caller_is_hung_up(server: WebServer, fallback: Any) -> None:
    """A failure runs the wildcard child, or hangs up."""
    server.answers = [http(500)]
    kazoo = Simulator(server.target, path="/voice")
    call = kazoo.call(fallback=fallback).ends()
    assert call.heard == ([] if fallback is None else ["fallback"])


@pytest.mark.parametrize(
    ("blocked", "expected"), [(None, "flow"), (BlockedHosts(networks=("10.0.0.0/8",)), "dead air")]
)
def test_black_listed_hosts_reject_the_whole_answer(server: WebServer, blocked: Any, expected: str) -> None:
    """What an operator added to the black list is refused in nested addresses."""
    nested = b'{"module":"tts","data":{"text":"welcome"},"children":{"x":{"module":"pivot","data":{"voice_url":"http://10.1.2.3/"}}}}'
    server.answers = [http(200, nested)]
    assert outcome(Simulator(server.target, path="/voice", blocked_hosts=blocked).call()) == expected


@pytest.mark.parametrize(("version", "expected"), [("4.3", "late fallback"), ("5", "flow")])
def test_a_list_of_objects_kills_the_encoder_of_43(server: WebServer, version: Any, expected: str) -> None:
    """4.3 cannot put it into a form: nothing is sent, and ten seconds later the fallback runs."""
    kazoo = Simulator(server.target, version, path="/voice")
    call = kazoo.call(flow=kazoo.pivot(fallback=FALLBACK), variables={"list": [{"a": 1}]})
    assert outcome(call) == expected
    assert len(server.requests) == (0 if version == "4.3" else 1)


def test_what_an_invalid_answer_does_can_be_chosen(server: WebServer) -> None:
    """KAZOO 5's core is not public: both dead air and hang-up are possible there."""
    server.answers = [http(200, b"[]")]
    kazoo = Simulator(server.target, "5", path="/voice", invalid_answer="dead_air")
    kazoo.call().dead_air()


def test_a_twiml_answer_says_what_to_answer() -> None:
    """It is recognised, not played; the line names what to send instead."""
    answer = Answer(200, TWIML, (("content-type", "text/xml"),))
    call = Simulator(Scripted([answer])).call("+14155550100", path="/x").ends()
    assert "answer callflow JSON, with Content-Type: application/json" in call.ladder()
