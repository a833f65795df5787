"""Raw events of every kind: the answer is a callflow KAZOO runs, or 403."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kazoo_callflow import tts, validate
from kazoo_pivot import Call, Callback
from pivot_app.bootstrap import callback

from .conftest import Context, Deployment
from .fuzz_raw_events import mutated, target

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def echo() -> Callback:
    """A callback that says whatever it was told, to a chain without end."""

    def handler(call: Call) -> Any:
        told = f"{call.caller_id_name} {call.digits} {call.cavs} {call.signed} {call.query}"
        return tts(told[:900] or "x").then(call.next("/echo", signed={"n": call.step}))

    return callback(fallback=tts("Sorry."), name="echo")(handler)


def check(answer: Any) -> None:
    """One of the two answers there are."""
    json.dumps(answer)
    assert answer["headers"]["Content-Type"] == "application/json"
    assert set(answer["headers"]) <= {"Content-Type", "X-Pivot-Fallback"}
    document = json.loads(answer["body"])
    if answer["statusCode"] == 403:
        assert document == {"message": "Forbidden"}
    else:
        assert answer["statusCode"] == 200
        assert validate(document, "4.3") == []


@SLOW
@given(seed=st.integers(0, 2**32))
def test_damaged_events(deployment: Deployment, echo: Callback, seed: int) -> None:
    """A real event with anything in it changed, removed or repeated."""
    event = deployment.event("/echo", query={"menu": "main"}, Digits={"pin": "1234"})
    check(echo(mutated(event, random.Random(seed)), Context()))


@given(
    data=st.binary(max_size=300)
    | st.builds(
        lambda *p: b"\n".join(p),
        st.sampled_from([b"GET", b"POST"]),
        st.sampled_from([b"", b"application/json", b"application/x-www-form-urlencoded"]),
        st.binary(max_size=200),
    )
)
def test_any_bytes(data: bytes) -> None:
    """The target that atheris runs for hours."""
    target(data)


@SLOW
@given(parameters=st.dictionaries(st.text(), st.text() | st.dictionaries(st.text(), st.text()), max_size=5))
def test_anything_said_is_answered(deployment: Deployment, echo: Callback, parameters: Any) -> None:
    """Whatever a caller's name, digits and variables hold."""
    given_ = {"Custom_Application_Vars": parameters, "Caller_ID_Name": str(parameters), "Digits": {"a": "1"}}
    check(echo(deployment.event("/echo", **given_), Context()))


@SLOW
@given(tail=st.text(st.characters(codec="ascii"), max_size=60))
def test_any_state_token_is_answered(deployment: Deployment, echo: Callback, tail: str) -> None:
    """A state that nobody signed is refused, whatever it looks like."""
    answer = echo(deployment.event("/echo", query={"state": tail}), Context())
    check(answer)
    if tail:
        assert json.loads(answer["body"])["data"]["text"] == "Sorry."
