"""Calls side by side and one after the other: two of a phone, a Call-ID used again, another account's."""

from __future__ import annotations

from typing import Any

import pytest

from kazoo_simulator import Answer, Callee, Scripted, Simulator, Webhook

from .test_legs import ACCOUNT, Scenario, compare, node, place, prompted, ring_of, rows, seconds_of


def calls_of(scenario: Scenario) -> list[Scenario]:
    """Take a scenario apart: a scenario of its own for each call, by the number it is to."""
    number_of = {
        (told["call_id"], told.get("other_leg_call_id")): told["request"].partition("@")[0]
        for hook, told in scenario.events
        if "request" in told
    }
    requests = [told["request"] for _, told in scenario.events if "request" in told]
    numbers = list(dict.fromkeys(request.partition("@")[0] for request in requests))
    made = []
    for number in numbers:
        events = [
            (hook, told)
            for hook, told in scenario.events
            if number
            == (
                told["request"].partition("@")[0]
                if "request" in told
                else number_of[told["call_id"], told["other_leg_call_id"]]
            )
        ]
        one = object.__new__(Scenario)
        one.version, one.shape, one.number, one.events = scenario.version, scenario.shape, number, events
        one.call_id = next(told["call_id"] for _, told in events if told["call_direction"] == "inbound")
        made.append(one)
    return made


def hold_of(call: Scenario) -> str:
    """Return the hold of a call, "" for one that was not authorised."""
    found = (told.get("custom_application_vars") or {} for _, told in call.events)
    return next((str(each["hold_id"]) for each in found if "hold_id" in each), "")


def behaviour(call: Scenario, leg: str) -> Callee:
    """Return how the other side of a call behaves."""
    if call.ts("channel_answer", leg) is not None:
        rings, talks = seconds_of(call, leg)
        return Callee("answers", after_s=rings, talk_s=talks)
    lasted = call.between(("channel_create", leg), ("channel_destroy", leg))
    cause = call.leg(leg, "channel_destroy")["hangup_cause"]
    return Callee("unreachable", after_s=max(0.2, lasted), cause=cause)


@pytest.mark.parametrize(
    "scenario",
    rows(
        "call_id_used_three_times", "call_id_used_again_after_failure", "call_id_used_again_next_day",
        "call_id_used_again_at_once", "call_id_of_a_refused_call", "same_call_id_on_two_accounts",
        "two_calls_of_one_phone",
    ),
)  # fmt: skip
def test_each_call_is_told_as_a_call_of_its_own(scenario: Scenario) -> None:
    """Whatever its Call-ID was used for before, or is used for by another account."""
    calls = calls_of(scenario)
    assert sum(len(call.events) for call in calls) == len(scenario.events)
    assert len(calls) > 1
    for call in calls:
        target = Scripted([Answer(200)])
        legs = call.b_legs
        kazoo = Simulator(
            target,
            scenario.version,
            account_id=str(call.events[0][1].get("account_id", ACCOUNT)),
            realm="acme.sip.example.com",
            rate_limit=False,
            callees={call.number: behaviour(call, legs[0])} if legs else {},
            webhook=Webhook("http://pivot.example.test/hook", hook="all", format="json"),
        )
        ring = ring_of(call.number) if legs else node("dead_air")
        a = call.call_id
        for leg in legs:
            rest = call.between(("channel_destroy", leg), ("channel_destroy", a))
            for cause in ring["children"]:
                ring["children"][cause] = node("sleep", node("hangup"), duration=round(rest))
        flow: dict[str, Any] = prompted(call, ring, hold_of(call))
        if not hold_of(call):
            flow = flow["children"]["_"]
        played = place(kazoo, call, flow)
        if not legs:
            played.hangs_up(after_s=call.between(("channel_create", a), ("channel_destroy", a)))
        compare(call, target, played.ends())


@pytest.mark.parametrize("scenario", rows("two_carriers_answer_at_once"))
def test_two_carriers_that_answer_at_once(scenario: Scenario) -> None:
    """The loser was answered too, and ends with LOSE_RACE a second later."""
    answered = [leg for leg in scenario.b_legs if scenario.ts("channel_answer", leg) is not None]
    winner = max(answered, key=lambda leg: scenario.ts("channel_destroy", leg) or 0)
    rings, talks = seconds_of(scenario, winner)
    callee = Callee("answers", after_s=rings, talk_s=talks, racing_carriers=1, losers_answer=True)
    target = Scripted([Answer(200)])
    kazoo = Simulator(
        target,
        scenario.version,
        account_id=ACCOUNT,
        realm="acme.sip.example.com",
        rate_limit=False,
        callees={scenario.number: callee},
        webhook=Webhook("http://pivot.example.test/hook", hook="all", format="json"),
    )
    compare(scenario, target, place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).ends())


def test_every_scenario_is_replayed() -> None:
    """No shape of the vectors is left out."""
    from . import test_legs

    replayed = set()
    for module in (test_legs, __import__(__name__, fromlist=["x"])):
        for value in vars(module).values():
            for mark in getattr(value, "pytestmark", ()):
                if mark.name == "parametrize":
                    replayed |= {each.id for each in mark.args[1]}
    assert replayed == {row["name"] for row in test_legs.SCENARIOS}
