"""Live Debug records what happened, and nothing that may not be stored."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest

from kazoo_callflow import Flow, tts
from kazoo_pivot import Call
from kazoo_pivot.observability import mask_number, mask_numbers
from pivot_app import aws
from pivot_app.bootstrap import callback
from pivot_app.live_debug.exchange import Exchange
from pivot_app.tenants import DebugSettings

from .conftest import ACCOUNT, TABLES, Context, Deployment


def recorded() -> list[Exchange]:
    """The exchanges in the table, oldest first; the last write may still be on its way."""
    deadline = time.monotonic() + 5
    while True:
        items = aws.client("dynamodb").scan(TableName=TABLES["EXCHANGES_TABLE"])["Items"]
        if items or time.monotonic() > deadline:
            return sorted(map(Exchange.from_item, items), key=lambda exchange: exchange.sort_key)
        time.sleep(0.01)


def everything_stored() -> str:
    """All that any table holds, as text."""
    items = [aws.client("dynamodb").scan(TableName=table)["Items"] for table in TABLES.values()]
    bodies = [
        json.dumps([exchange.__class__.__name__, *map(str, _values(exchange))]) for exchange in recorded()
    ]
    return f"{items} {bodies}"


def _values(exchange: Exchange) -> list[Any]:
    return [getattr(exchange, name) for name in Exchange.__dataclass_fields__]


def handler(call: Call) -> Flow:
    """Asks for a PIN, and repeats it where it should not."""
    if call.step == 0:
        call.explain("caller", number=call.caller_id_number, known=True)
        return call.next("/pin", signed={"tries": 1}, tier="gold")
    pin = call.digits["pin"]
    call.explain("pin", pressed=pin, right=True)
    call.set_cavs(pin=pin, note=f"pressed {pin}")
    return tts(f"You pressed {pin}, {call.caller_id_number}. Your balance is 12.50.")


@pytest.fixture
def debugged(deployment: Deployment) -> Deployment:
    """An account with Live Debug on."""
    deployment.tenants.change(ACCOUNT, {"debug": {"enabled": True}})
    return deployment


def test_an_exchange_says_what_happened(debugged: Deployment) -> None:
    """Request, answer, why, timings and state are there."""
    ask = callback(fallback=tts("Sorry."), name="pin")(handler)
    ask(debugged.event("/pin", query={"menu": "main"}), Context())
    (exchange,) = recorded()
    assert exchange.callback == "pin"
    assert (exchange.method, exchange.path, exchange.body_format) == ("POST", "/pin", "json")
    assert exchange.parameters["Call-ID"] == "call-1@example.com"
    assert exchange.query == {"menu": "main"}
    assert exchange.headers["content-type"] == "application/json"
    assert (exchange.status, exchange.outcome, exchange.reason) == (200, "answered", "")
    assert exchange.flow is not None
    assert exchange.flow["module"] == "set_variables"
    assert exchange.explanations[0]["kind"] == "caller"
    assert {"parse", "authenticate", "handler", "validate", "total"} <= exchange.timings_us.keys()
    assert exchange.state_after == {"tier": "gold"}
    assert exchange.request_id == Context.aws_request_id
    assert exchange.cold_start


def test_a_token_in_the_wrong_place_is_not_stored(debugged: Deployment) -> None:
    """The account's other token, beside the one used or in the body, is a secret too."""
    ask = callback(fallback=tts("Sorry."), name="pin")(handler)
    event = debugged.event("/pin", token="the-other-token")
    event["rawQueryString"] = f"token={debugged.token}&token=the-other-token"
    event["body"] = json.dumps(json.loads(event["body"]) | {"token": "the-other-token"})
    assert ask(event)["statusCode"] == 200
    (exchange,) = recorded()
    assert exchange.outcome == "answered"
    assert "the-other-token" not in str(_values(exchange))


@pytest.mark.parametrize("version", ["4.3", "5"])
def test_no_secret_is_ever_stored(debugged: Deployment, version: str) -> None:
    """Not the token, not the state tokens, not a PIN wherever the callback put it, no number in full."""
    debugged.tenants.change(ACCOUNT, {"kazoo_version": version})
    ask = callback(fallback=tts("Sorry."), name="pin", sensitive_collections=["pin"])(handler)
    first = ask(debugged.event("/pin"))
    event = debugged.follow(first, Digits={"pin": "7391", "menu": "2"})
    answer = ask(event)
    assert "7391" in answer["body"]
    exchanges = recorded()
    assert [exchange.outcome for exchange in exchanges] == ["answered", "answered"]
    # What the callback itself chose to remember is its own affair; what Live Debug stores is ours.
    stored = str([_values(exchange) for exchange in exchanges])
    state = event["rawQueryString"].partition("state=")[2].partition("&")[0]
    assert debugged.token not in everything_stored()
    for secret in (debugged.token, state, "7391", "+14155550100", "4155550100"):
        assert secret not in stored, secret
    assert exchanges[1].parameters["Digits"] == {"pin": "[removed]", "menu": "2"}
    assert exchanges[1].state_before == {"tier": "gold"}
    assert "12.50" in str(exchanges[1].flow)
    assert exchanges[1].step == 1
    assert exchanges[1].call_started_ms == exchanges[0].received_ms


def test_pins_are_sensitive_to_every_callback(debugged: Deployment) -> None:
    """KAZOO sends every collection to every later callback, which does not have to know about it."""
    ask = callback(fallback=tts("Sorry."), name="other")(lambda call: tts("Hello"))
    ask(debugged.event("/other", Digits={"pin": "7391"}))
    assert "7391" not in everything_stored()


def test_a_failure_is_recorded_with_its_reason(debugged: Deployment) -> None:
    """The fallback's flow and the error, without the digits in its message."""

    def failing(call: Call) -> Flow:
        raise ValueError(f"pressed {call.digits['pin']}")

    ask = callback(fallback=tts("Sorry."), name="pin")(failing)
    ask(debugged.event("/pin", Digits={"pin": "7391"}))
    (exchange,) = recorded()
    assert (exchange.outcome, exchange.reason) == ("fallback", "exception")
    assert exchange.error == "ValueError: pressed [removed]"
    assert exchange.flow == tts("Sorry.").to_dict()


def test_problems_of_an_invalid_answer_are_recorded(debugged: Deployment) -> None:
    """Path, rule and message of what KAZOO would not run."""
    from kazoo_callflow import node

    callback(fallback=tts("Sorry."), name="pin")(lambda call: node("noop"))(debugged.event("/pin"))
    (exchange,) = recorded()
    assert exchange.reason == "invalid_flow"
    assert exchange.problems[0]["rule"]


def test_numbers_are_shown_where_the_account_wants_them(debugged: Deployment) -> None:
    """With `mask_numbers` off they are stored as they are."""
    debugged.tenants.change(ACCOUNT, {"debug": {"mask_numbers": False}})
    callback(fallback=tts("Sorry."), name="pin")(lambda call: tts("Hello"))(debugged.event("/pin"))
    (exchange,) = recorded()
    assert exchange.caller == "+14155550100"
    assert not exchange.masked


@pytest.mark.parametrize(
    ("settings", "options"),
    [
        ({"enabled": False}, {}),
        ({"enabled": True, "sample": 0}, {}),
        ({"enabled": True, "callbacks": ["another"]}, {}),
        ({"enabled": True}, {"debug": False}),
    ],
    ids=["off", "not in the sample", "another callback's", "off for the callback"],
)
def test_nothing_is_recorded_unasked(
    deployment: Deployment, settings: dict[str, Any], options: dict[str, Any]
) -> None:
    """Live Debug is off until an account asks, and never covers a callback that refuses."""
    deployment.tenants.change(ACCOUNT, {"debug": settings})
    callback(fallback=tts("Sorry."), name="pin", **options)(lambda call: tts("Hello"))(
        deployment.event("/pin")
    )
    assert aws.client("dynamodb").scan(TableName=TABLES["EXCHANGES_TABLE"])["Count"] == 0


def test_strangers_are_not_recorded(debugged: Deployment) -> None:
    """A request without the account's token writes nothing anywhere."""
    callback(fallback=tts("Sorry."), name="pin")(lambda call: tts("x"))(debugged.event("/pin", token="wrong"))
    assert aws.client("dynamodb").scan(TableName=TABLES["EXCHANGES_TABLE"])["Count"] == 0


def test_a_slow_table_delays_the_caller_by_no_more_than_the_bound(
    debugged: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is left to itself, the answer goes out."""
    from pivot_app.live_debug import recorder

    released = threading.Event()

    def slow(*_: object) -> None:
        released.wait(60)

    monkeypatch.setattr(recorder.DynamoDBRecorder, "_write", slow)
    ask = callback(fallback=tts("Sorry."), name="pin")(lambda call: tts("Hello"))
    assert ask(debugged.event("/pin"))["statusCode"] == 200
    assert not released.is_set()
    released.set()


def test_a_table_that_fails_never_breaks_an_answer(
    debugged: Deployment, capfd: pytest.CaptureFixture[str]
) -> None:
    """The failure is a line on standard error."""
    aws.client("dynamodb").delete_table(TableName=TABLES["EXCHANGES_TABLE"])
    ask = callback(fallback=tts("Sorry."), name="pin")(lambda call: tts("Hello"))
    assert json.loads(ask(debugged.event("/pin"))["body"])["data"]["text"] == "Hello"
    assert "not recorded" in capfd.readouterr().err


def test_the_sample_takes_whole_calls() -> None:
    """Every exchange of a call is recorded, or none; about the share asked for."""
    half = DebugSettings(enabled=True, sample=0.5)
    wanted = [half.wants("pin", f"call-{number}") for number in range(1000)]
    assert 400 < sum(wanted) < 600
    assert wanted == [half.wants("pin", f"call-{number}") for number in range(1000)]


@pytest.mark.parametrize(
    ("number", "masked"),
    [("+14155550100", "+********100"), ("1001", "*001"), ("99", "99"), ("anonymous", "anonymous"), ("", "")],
)
def test_masked_numbers(number: str, masked: str) -> None:
    """The last three digits stay, words stay."""
    assert mask_number(number) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call +14155550100 now", "call +********100 now"),
        ("https://x/?n=%2B14155550100&a=1", "https://x/?n=%2B********100&a=1"),
        ("b6a9e0c14155550100a", "b6a9e0c14155550100a"),
        ("balance 1250.00", "balance 1250.00"),
    ],
)
def test_numbers_within_text(text: str, masked: str) -> None:
    """Telephone numbers go wherever they stand; amounts and ids stay."""
    assert mask_numbers(text) == masked


def test_what_one_callback_calls_sensitive_every_later_one_knows(debugged: Deployment) -> None:
    """KAZOO sends each collection again, 4.3 before December 2023 also flushed ones: it is stored by none."""

    def first(call: Call) -> Flow:
        assert "~sensitive" not in call.signed
        return call.next("/second", signed={"tries": 1})

    def second(call: Call) -> Flow:
        assert call.signed == {"tries": 1}
        call.explain("digits", ssn=call.digits["ssn"], plain=call.digits["main_1"])
        return call.next("/second")

    ask = callback(fallback=tts("Sorry."), name="first", sensitive_collections=("ssn",))(first)
    asked = callback(fallback=tts("Sorry."), name="second")(second)
    digits = {
        "ssn": "918273",
        "main_1": "4455",
        "sensitive": "7731",
        "default": "6642",
        "secret_code": "5513",
    }
    answer = ask(debugged.event("/first"), Context())
    answer = asked(debugged.follow(answer, Digits=digits), Context())
    digits["main_1"] = "4456"
    asked(debugged.follow(answer, Digits=digits), Context())
    deadline = time.monotonic() + 5
    while len(recorded()) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    stored = everything_stored()
    assert "4455" in stored
    assert "4456" in stored
    for hidden in ("918273", "7731", "6642", "5513"):
        assert hidden not in stored


def test_a_callback_cannot_use_our_name_for_it(debugged: Deployment) -> None:
    """`signed` is the callbacks' own, but for one name."""
    ask = callback(fallback=tts("Sorry."), name="first")(
        lambda call: call.next("/x", signed={"~sensitive": "x"})
    )
    answer = ask(debugged.event("/first"), Context())
    assert "Sorry." in answer["body"]
