"""A call told, copied and made into a script."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kazoo_pivot import PivotRequest
from kazoo_simulator import Answer, Script, Scripted, Simulator
from pivot_app.live_debug import ExchangeStore, call_view, narrate, session_view
from pivot_app.live_debug.exchange import Exchange

Make = Callable[..., Exchange]
Put = Callable[..., None]


def node(module: str, then: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    """A callflow node with a wildcard child."""
    return {"module": module, "data": data, "children": {"_": then} if then else {}}


MENU = node(
    "tts",
    node(
        "collect_dtmf",
        node("pivot", node("tts", text="Sorry"), voice_url="https://x.example.com/menu_selection?state=s"),
        max_digits=1,
        collection_name="choice",
    ),
    text="For your balance press one.",
)
ANSWER = node(
    "set_variables",
    node("tts", node("user", node("tts", text="Nobody is there"), id="u1"), text="Two dollars."),
)


@pytest.fixture
def call(make: Make, put: Put) -> None:
    """A call of two exchanges: a menu, one key, and a phone that rings."""
    put(
        make("c/1?x#y", 0, callback="menu", path="/menu", query={"menu": "main"}, flow=MENU),
        make(
            "c/1?x#y", 900, started=0, step=1, callback="menu_selection", path="/menu_selection", flow=ANSWER,
            parameters={"Account-ID": "a", "Call-ID": "c/1?x#y", "Digits": {"choice": "1"}},
        ),
    )  # fmt: skip


def test_what_the_caller_heard() -> None:
    """An answer is told along its wildcard chain, without a pivot's own fallback."""
    assert narrate(MENU) == [
        "“For your balance press one.”",
        "may press a key",
        "then KAZOO asks /menu_selection",
    ]
    assert narrate(ANSWER) == ["“Two dollars.”", "rings user u1", "otherwise “Nobody is there”"]
    assert narrate(None) == []


def test_the_detail_says_what_was_pressed(store: ExchangeStore, account: str, call: None) -> None:
    """The digits stand with the answer that asked for them."""
    first, second = call_view(store, account, "c/1?x#y", "https://api.example.com")["exchanges"]
    assert first["pressed_next"] == {"choice": "1"}
    assert second["pressed_next"] == {}


def test_the_answer_is_linted_when_it_is_looked_at(
    store: ExchangeStore, account: str, make: Make, put: Put
) -> None:
    """What KAZOO takes and a caller regrets is marked, without having cost the caller anything."""
    bare = node("pivot", voice_url="https://x.example.com/next", method="post")
    put(make("c", flow=bare))
    (mark,) = call_view(store, account, "c", "")["exchanges"][0]["lint"]
    assert mark["rule"] == "pivot-fallback"


def test_a_mark_that_was_recorded_is_shown_once(
    store: ExchangeStore, account: str, make: Make, put: Put
) -> None:
    """The record has it already."""
    bare = node("pivot", voice_url="https://x.example.com/next", method="post")
    put(make("c", flow=bare, lint=[{"path": "$", "rule": "pivot-fallback", "message": "no child"}]))
    (mark,) = call_view(store, account, "c", "")["exchanges"][0]["lint"]
    assert mark["message"] == "no child"


def test_a_call_of_large_exchanges_fits_an_answer(
    store: ExchangeStore, account: str, make: Make, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lambda's answers are bounded: what does not fit is left out, and the answer says so."""
    monkeypatch.setattr("pivot_app.live_debug._views.MAX_ANSWER_BYTES", 40_000)
    put(*(make("c", step, started=0, step=step, parameters={"x": "y" * 4000}) for step in range(10)))
    call = call_view(store, account, "c", "")
    assert 1 <= len(call["exchanges"]) < 10
    assert not call["complete"]
    assert len(json.dumps(call["exchanges"])) <= 40_000


def test_the_same_key_twice_was_pressed_twice(
    store: ExchangeStore, account: str, make: Make, put: Put
) -> None:
    """KAZOO sends old collections again; what the answer asked for counts as pressed."""
    digits = {"Digits": {"choice": "1", "pin": "2"}}
    put(make("c", 0, flow=MENU, parameters=digits), make("c", 9, started=0, step=1, parameters=digits))
    assert call_view(store, account, "c", "")["exchanges"][0]["pressed_next"] == {"choice": "1"}


@pytest.mark.parametrize(("method", "body_format"), [("GET", "form"), ("POST", "form"), ("POST", "json")])
def test_the_event_is_the_request_again(
    store: ExchangeStore, account: str, make: Make, put: Put, method: str, body_format: str
) -> None:
    """The copied event parses into the parameters that were recorded, whatever they contain."""
    parameters = {
        "Account-ID": account,
        "Call-ID": "c",
        "Caller-ID-Name": 'O\'Hara & "Söhne" $(rm -rf) %20+',
        "User-ID": ["u1", "u2"],
        "Digits": {"default": "12"},
        "Custom-Application-Vars": {"a[b]": "c"} if body_format == "json" else {"name": "v&=w"},
    }
    put(make("c", parameters=parameters, method=method, body_format=body_format, query={"menu": "main"}))
    event = call_view(store, account, "c", "")["exchanges"][0]["as_event"]
    event["headers"] = {name.lower(): value for name, value in event["headers"].items()}
    request = PivotRequest.from_event(event)
    assert {name: value for name, value in request.raw.items() if name != "menu"} == parameters
    assert dict(request.query) == {"menu": "main"}
    assert event["headers"]["x-pivot-token"] == "$PIVOT_TOKEN"


def test_curl_quotes_what_strangers_sent(store: ExchangeStore, account: str, make: Make, put: Put) -> None:
    """A shell reads the command as words; only the token's variable is expanded."""
    name = "'; touch /tmp/x; echo \"$HOME`id`"
    put(make("c", parameters={"Caller-ID-Name": name}, body_format="form", query={"q": "$(id)"}))
    command = call_view(store, account, "c", "https://api.example.com")["exchanges"][0]["as_curl"]
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:4] == ["curl", "-sS", "-X", "POST"]
    assert parse_qs(urlsplit(words[4]).query) == {"q": ["$(id)"]}
    assert parse_qs(words[words.index("--data-binary") + 1]) == {"Caller-ID-Name": [name]}
    assert words[5:7] == ["-H", "x-pivot-token: $PIVOT_TOKEN"]


def test_the_copied_test_is_the_call(store: ExchangeStore, account: str, call: None) -> None:
    """The test a person copies passes against the answers that were recorded, and fails against others."""
    source = call_view(store, account, "c/1?x#y", "")["as_test"]

    def run(*flows: dict[str, Any]) -> None:
        answers = [
            Answer(200, json.dumps(flow).encode(), (("content-type", "application/json"),)) for flow in flows
        ]
        scope: dict[str, Any] = {}
        exec(source, scope)
        (test,) = [value for name, value in scope.items() if name.startswith("test_")]
        test(Simulator(Scripted(answers)))

    run(MENU, ANSWER)
    with pytest.raises(AssertionError):
        run(MENU, node("tts", text="Something else"))


def test_a_hostile_name_stays_inside_its_literal(
    store: ExchangeStore, account: str, make: Make, put: Put
) -> None:
    """Nothing a caller can be called ends the string it is put into."""
    hostile = '"""\n    import os; os.abort() #\\ \u2028 \N{ZERO WIDTH SPACE} \U0001f600'
    put(make("c", caller=hostile, caller_name=hostile, dialled=hostile, flow=node("tts", text=hostile)))
    source = call_view(store, account, "c", "")["as_test"]
    assert source.isascii()
    assert len(compile(source, "t", "exec").co_consts) <= 3
    assert source.count("\n") == 5


def test_the_session_is_a_script_of_the_simulator(store: ExchangeStore, account: str, call: None) -> None:
    """The downloaded session is a script that the simulator accepts and plays to the same answers."""
    document = session_view(store, account, "c/1?x#y")
    script = Script.parse(json.dumps(document))
    answers = [
        Answer(200, json.dumps(flow).encode(), (("content-type", "application/json"),))
        for flow in (MENU, ANSWER)
    ]
    target = Scripted(answers)
    script.play(target)
    assert len(target.requests) == 2
    assert document["call"]["from"] == "+14155550100"


def test_a_request_made_again_is_no_step_of_the_call(
    store: ExchangeStore, account: str, make: Make, put: Put
) -> None:
    """Who runs the copied curl adds an exchange to the call; its script stays what the caller did."""
    put(make("c", 0, flow=ANSWER), make("c", 5000, flow=ANSWER, outcome="repeated"))
    assert len(call_view(store, account, "c", "")["exchanges"]) == 2
    assert session_view(store, account, "c")["steps"] == [
        {"asks": "/account_balance"},
        {"hears": "Two dollars."},
        {"rings": "u1"},
    ]


def test_what_is_not_stored_is_asked_for(store: ExchangeStore, account: str, make: Make, put: Put) -> None:
    """Masked numbers and removed digits are named in the session's title, and it still parses."""
    put(
        make("c", 0, flow=MENU, masked=True, caller="+********100"),
        make("c", 9, started=0, step=1, parameters={"Digits": {"choice": "[removed]"}}),
    )
    document = session_view(store, account, "c")
    assert "masked" in document["title"]
    assert "not stored" in document["title"]
    Script.parse(json.dumps(document))
