"""The traps of the Pivot contract, one by one, and what `lint` or `validate` says about each."""

from __future__ import annotations

from typing import Any

import pytest

from kazoo_callflow import KazooVersion, NotJsonError, lint, loads, validate

URL = "https://voice.example.com/x"
END = {"module": "hangup"}


def asked(child: dict[str, Any] | None = END, **data: Any) -> dict[str, Any]:
    """Write a pivot node that asks by POST."""
    return {
        "module": "pivot",
        "data": {"voice_url": URL, "method": "post", **data},
        "children": {} if child is None else {"_": child},
    }


def chain(*nodes: dict[str, Any]) -> dict[str, Any]:
    """Put nodes below one another."""
    for above, below in zip(reversed(nodes[:-1]), reversed(nodes[1:]), strict=True):
        above["children"] = {"_": below}
    return nodes[0]


TTS = {"module": "tts", "data": {"text": "x"}}
REGRETTED: dict[str, tuple[dict[str, Any], KazooVersion, str]] = {
    "no wildcard child": (asked(None), "4.3", "any failure of the server hangs up"),
    "carriers ignore the wildcard child": (
        {"module": "resources", "children": {"_": END}},
        "5",
        "named after the cause",
    ),
    "state that 4.3 forgets": (
        chain({"module": "set_variables", "data": {"custom_application_vars": {"a": "b"}}}, asked()),
        "4.3",
        "carry it in voice_url",
    ),
    "conferences mute": (
        {"module": "conference", "data": {"config": {"name": "x"}}},
        "5",
        "mutes its members",
    ),
    "a device rings for 40 s": ({"module": "device", "data": {"id": "d"}}, "4.3", "about 40 seconds"),
    "speech that fails hangs up": (
        {"module": "tts", "data": {"text": "x", "engine": "ispeech"}},
        "4.3",
        "KAZOO hangs up and runs no child",
    ),
    "quick nodes in a row": (
        chain(*({"module": "set_cid", "data": {}} for _ in range(25))),
        "4.3",
        "about that many end the call",
    ),
    "GET by default": (
        {"module": "pivot", "data": {"voice_url": URL}, "children": {"_": END}},
        "5",
        "Set it to post",
    ),
    "GET": (asked(method="GET"), "4.3", "Set it to post"),
    "user and password in the URL": (
        asked(voice_url="https://u:p@voice.example.com/"),
        "4.3",
        "in place of the host",
    ),
    "debug stores secrets": (asked(debug=True), "5", "PINs and tokens"),
    "cdr_url": (asked(cdr_url=URL), "4.3", "cdr_url does nothing"),
    "headers on 4.3": (asked(custom_request_headers={"X-A": "b"}), "4.3", "a key of KAZOO 5 only"),
    "a misspelt key": (asked(req_timout_ms=1), "4.3", "did you mean req_timeout_ms"),
    "a time-out that is not a key": (asked(req_timeout=1), "5", "req_timeout"),
    "too little time": (asked(req_timeout_ms=10), "5", "a server that has to start first fails"),
    "response after an answer": (chain(dict(TTS), {"module": "response"}), "4.3", "the code reaches nobody"),
    "recording into a mailbox": (
        chain(
            {"module": "record_call", "data": {"action": "start"}},
            {"module": "voicemail", "data": {"id": "a" * 32}},
        ),
        "5",
        "recorded twice",
    ),
    "a big flow": ({"module": "tts", "data": {"text": "x"}, "note": "x" * 1_000_001}, "5", "bytes"),
    "a deep flow": (
        chain(*({"module": "tts", "data": {"text": "x"}} for _ in range(502))),
        "5",
        "deeper than",
    ),
    "a whole document": ({"numbers": ["1"], "flow": dict(TTS)}, "5", "flow"),
}


@pytest.mark.parametrize(("flow", "kazoo", "sentence"), REGRETTED.values(), ids=REGRETTED)
def test_a_trap_kazoo_accepts_gets_a_sentence(
    flow: dict[str, Any], kazoo: KazooVersion, sentence: str
) -> None:
    """The sentence names what the caller loses, or what to write instead."""
    assert sentence in " ".join(problem.message for problem in lint(flow, kazoo))


REFUSED: dict[str, tuple[Any, str]] = {
    "an empty child": ({"module": "play", "children": {"_": {}}}, "module"),
    "null for children": ({"module": "play", "children": None}, "null"),
    "a number as text": ({"module": "response", "data": {"code": "486"}}, "code"),
    "a float": ({"module": "sleep", "data": {"duration": 1.0}}, "integer"),
    "a long text": ({"module": "tts", "data": {"text": "x" * 1001}}, "1000"),
    "method Post": (asked(method="Post"), "method"),
    "say": ({"module": "say"}, "Did you mean tts?"),
    "a host on the black list": (asked(voice_url="http://localhost/"), "black list"),
    "a user name that crashes": (asked(voice_url="https://bob@voice.example.com/x"), "crashes"),
    "a wrapped flow": ({"flow": TTS}, "flow"),
    "a list": ([TTS], "node"),
}


@pytest.mark.parametrize(("flow", "sentence"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("kazoo", ["4.3", "5"])
def test_a_trap_kazoo_rejects_is_dead_air_avoided(flow: Any, sentence: str, kazoo: KazooVersion) -> None:
    """`validate` says which field, before a caller hears nothing."""
    assert sentence in " ".join(problem.message for problem in validate(flow, kazoo))


@pytest.mark.parametrize(
    "text", ["", " ", '\ufeff{"module":"play"}', '{"module":"play"} x', '{"module":"play"']
)
def test_a_trap_of_the_text_hangs_up(text: str) -> None:
    """An empty body, a BOM, trailing or missing text."""
    with pytest.raises(NotJsonError):
        loads(text)
