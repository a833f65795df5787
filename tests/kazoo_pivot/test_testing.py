"""What authors of callbacks are given for their tests."""

from __future__ import annotations

import dataclasses
import inspect
import json
from typing import Any

import pytest

from kazoo_callflow import Flow, collect_dtmf, hangup, tts
from kazoo_pivot import (
    Call,
    KazooAccount,
    NotAuthenticatedError,
    PivotRequest,
    StateKeys,
    StateRefusedError,
    callback,
    testing,
)


def question(call: Call) -> Flow:
    """Ask for a number of tickets, twice at most."""
    if call.step == 0:
        ask = tts("How many?") >> collect_dtmf(collection_name="tickets")
        return ask >> call.next("/tickets", signed={"tries": 1}, query={"show": "h & m"}, seat="A1")
    return tts(f"{call.digits['tickets']} for {call.trusted_cavs['seat']}") >> hangup()


SORRY = tts("Sorry.") >> hangup()


def test_a_handler_that_chains_is_tested_by_itself() -> None:
    """No AWS, no environment: the next step gets what this one signed and set."""
    first = testing.call(caller_id_number="+14155550100", path="/first")
    second = testing.following(question(first), first, digits={"tickets": "3"})
    assert (second.step, second.signed, second.query) == (1, {"tries": 1}, {"show": "h & m"})
    assert (second.path, second.key, second.call_id) == ("/tickets", first.key, first.call_id)
    assert second.caller_id_number == "+14155550100"
    assert question(second).to_dict()["data"]["text"] == "3 for A1"


@pytest.mark.parametrize("version", ["4.3", "5"])
def test_a_call_of_nothing_but_an_account_chains(version: str) -> None:
    """`Call.of` is enough for next, set_cavs and what is signed, as its docstring says."""
    account = KazooAccount(id="a" * 32, kazoo_version="5" if version == "5" else "4.3")
    call = Call.of(PivotRequest(account_id=account.id, call_id="x"), account)
    call.set_cavs(tier="gold")
    flow = call.next("/other", signed={"tries": 1})
    assert call.trusted_cavs == {"tier": "gold"}
    assert testing.following(flow, call).signed == {"tries": 1}


def test_a_step_in_the_middle_can_be_begun_with() -> None:
    """`step`, `signed` and `trusted_cavs` are as an earlier callback left them."""
    call = testing.call(step=1, signed={"tries": 2}, trusted_cavs={"seat": "B2"}, digits={"tickets": "4"})
    assert (call.step, call.signed["tries"]) == (1, 2)
    assert question(call).to_dict()["data"]["text"] == "4 for B2"


def test_a_flow_that_asks_nobody_says_so() -> None:
    """And a node of another call is refused as in life."""
    call = testing.call()
    with pytest.raises(testing.NoPivotError, match="no pivot node"):
        testing.following(SORRY, call)
    with pytest.raises(StateRefusedError):
        testing.following(question(call), testing.call(call_id="another@example.com"))


def test_no_key_and_no_token_is_shown() -> None:
    """A call in a log line or a test's report opens nothing."""
    states, tenants = testing.MemoryCallStates(), testing.MemoryTenants()
    seen: list[Call] = []

    def handler(call: Call) -> Flow:
        seen.append(call)
        return question(call)

    asked = callback(fallback=SORRY, adapters=testing.adapters(tenants=tenants, call_states=states))(handler)
    asked(testing.event("/first"), None)
    (call,) = seen
    secret = tenants.state_keys().signing.decode()
    for shown in (
        repr(call),
        repr(dataclasses.asdict(call)),
        json.dumps(dataclasses.asdict(call), default=vars_of),
        repr(testing.adapters(tenants=tenants)),
    ):
        assert secret not in shown
        assert testing.TOKEN not in shown
    assert "_session" not in {each.name for each in dataclasses.fields(call)}


def vars_of(value: object) -> object:
    """Everything a careless serialiser could reach."""
    return getattr(value, "__dict__", None) or str(value)


def test_a_callback_keeps_what_its_handler_says_of_itself() -> None:
    """Name, docstring and signature, for help() and for tools."""
    made = callback(fallback=SORRY, adapters=testing.adapters())(question)
    assert (made.__name__, made.__doc__) == ("question", question.__doc__)  # type: ignore[attr-defined]
    assert inspect.signature(made) == inspect.signature(question)
    assert made.handler is question


def test_the_whole_way_works_in_memory() -> None:
    """Admitted, chained, repeated, recorded: with no store at all."""
    recorder = testing.MemoryRecorder()
    asked = callback(fallback=SORRY, name="tickets", adapters=testing.adapters(recorder=recorder))(question)
    assert asked(testing.event("/first"), None)["statusCode"] == 200
    assert asked(testing.event("/first", token="wrong"), None)["statusCode"] == 403
    assert [each.outcome.outcome for each in recorder.recorded] == ["answered", "refused"]
    assert recorder.recorded[1].request.account is None


@pytest.mark.parametrize(
    ("away", "reason"),
    [
        (testing.adapters(tenants=testing.FailingTenants()), "store_unavailable"),
        (testing.adapters(call_states=testing.FailingCallStates()), "store_unavailable"),
        (testing.adapters(recorder=testing.FailingRecorder()), ""),
    ],
    ids=["tenants", "call states", "recorder"],
)
def test_what_is_away_has_one_name(away: object, reason: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The caller hears the fallback, and the log says which failure it was; a recorder fails unheard."""
    asked = callback(fallback=SORRY, once=True, adapters=away)(question)  # type: ignore[arg-type]
    answer = asked(testing.event("/first"), None)
    assert answer["statusCode"] == 200
    spoken = json.loads(answer["body"])["data"]["text"]
    assert spoken == ("Sorry." if reason else "How many?")
    assert (f'"reason":"{reason}"' in capfd.readouterr().out) is bool(reason)


def test_without_adapters_nobody_is_let_in(capfd: pytest.CaptureFixture[str]) -> None:
    """The caller hears the fallback; the log names what is missing."""
    answer = callback(fallback=SORRY)(question)(testing.event("/first"), None)
    assert json.loads(answer["body"])["data"]["text"] == "Sorry."
    assert "has no adapters" in capfd.readouterr().out


def test_the_fakes_refuse_as_the_real_ones_do() -> None:
    """An unknown account, another one's token."""
    tenants = testing.MemoryTenants()
    for account_id, token in (("b" * 32, testing.TOKEN), (testing.ACCOUNT.id, ""), (testing.ACCOUNT.id, "x")):
        with pytest.raises(NotAuthenticatedError):
            tenants.authenticate(account_id, token)
    with pytest.raises(NotAuthenticatedError):
        tenants.account("b" * 32)


@pytest.mark.parametrize("fallback", [{}, None, "sorry", {"module": "hangup"}])
def test_a_fallback_that_is_no_flow_is_refused_at_once(fallback: Any) -> None:
    """With what to give instead."""
    with pytest.raises(TypeError, match="fallback is a Flow, or a function from a language to a Flow, not a"):
        callback(fallback=fallback, adapters=testing.adapters())


def test_adapters_that_are_none_are_refused_at_once() -> None:
    """Not at the first request."""
    wrong: Any = {}
    with pytest.raises(TypeError, match="adapters are an `Adapters`"):
        callback(fallback=hangup(), adapters=wrong)


def test_keys_show_in_no_repr_and_no_dict() -> None:
    """Whatever a log prints of them."""
    keys: Any = StateKeys.of(b"secret-key")
    call = testing.call(step=1)
    assert "secret" not in repr(keys)
    assert "the key of a test" not in repr(call) + str(dataclasses.asdict(call))
    with pytest.raises(TypeError):
        dataclasses.asdict(keys)
    assert keys == StateKeys.of(b"secret-key")
    assert len({keys, StateKeys.of(b"secret-key"), StateKeys()}) == 2
