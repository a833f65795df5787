"""Two calls with one Call-ID are two calls: one after the other, at once, on switches whose clocks differ."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from tests.ledger.test_legs import ACCOUNT, SCENARIOS, Played, is_fair

Scenario = Mapping[str, Any]

GAPS = (-300, -60, -10, 1, 11, 60, 4_000, 86_400)
"""Seconds from the last news of the first call to the second one."""

SKEWS = (-300, 0, 0, 100, 300)
LEFT_OUT = ("clock", "form", "click_to_call")
"""Scenarios with a clock of their own, with form bodies, and whose first leg the switch makes."""


def moved(scenario: Scenario, seconds: int, *, clock_only: bool = False) -> dict[str, Any]:
    """A scenario so much later, or on a switch whose clock is so much ahead."""

    def later(one: Mapping[str, Any]) -> dict[str, Any]:
        return {**one, "at": one["at"] + (0 if clock_only else seconds)}

    def body_of(event: Mapping[str, Any]) -> str:
        return re.sub(r"\b63[0-9]{9}\b", lambda found: str(int(found[0]) + seconds), event["body"])

    return {
        **scenario,
        "authorize": later(scenario["authorize"]),
        "authorize_more": [later(one) for one in scenario.get("authorize_more", ())],
        "events": [{**later(event), "body": body_of(event)} for event in scenario["events"]],
    }


def renamed(scenario: Scenario, names: Mapping[str, str]) -> dict[str, Any]:
    """A scenario in which other names stand for the same things."""
    text = json.dumps(scenario)
    for before, after in names.items():
        text = text.replace(before, after)
    found: dict[str, Any] = json.loads(text)
    return found


def with_one_call_id(first: Scenario, second: Scenario, gap: int) -> dict[str, Any]:
    """Both calls, the second with the first one's Call-ID."""
    authorized = [first["authorize"], *first.get("authorize_more", ())]
    holds = [one["hold"] for one in (second["authorize"], *second.get("authorize_more", ()))]
    names = {name: f"HELD-{len(authorized) + place}" for place, name in enumerate(holds)}
    names[second["authorize"]["account_id"]] = first["authorize"]["account_id"]
    names[second["authorize"]["call_id"]] = first["authorize"]["call_id"]
    last = max(event["at"] for event in first["events"])
    other = renamed(moved(second, int(last + gap - second["authorize"]["at"])), names)
    figures = [(one["bill"]["seconds"], *one["bill"].get("also_fair", ())) for one in (first, second)]
    seconds, *also_fair = [sum(pair) for pair in product(*figures)]
    tolerance = sum(one["bill"].get("tolerance", 0) for one in (first, second))
    return {
        **first,
        "name": f"{first['name']}, then {second['name']}",
        "authorize_more": [*authorized[1:], other["authorize"], *other["authorize_more"]],
        "events": sorted([*first["events"], *other["events"]], key=lambda event: float(event["at"])),
        "bill": {"seconds": seconds, "also_fair": also_fair, "tolerance": tolerance},
    }


def pairs() -> Iterator[Any]:
    """Two shapes of calls each, drawn by a seed."""
    for seed in range(80):
        chance = random.Random(seed)
        version = chance.choice(("4.3/", "5/"))
        known = [one for one in SCENARIOS if one["name"].startswith(version) and one["bill"]["seconds"]]
        fitting = [one for one in known if not any(word in one["name"] for word in LEFT_OUT)]
        first, second = (
            moved(one, chance.choice(SKEWS), clock_only=True) for one in chance.sample(fitting, 2)
        )
        both = with_one_call_id(first, second, chance.choice(GAPS))
        yield pytest.param(both, chance.choice(("as told", "late")), seed, id=f"{seed}: {both['name']}")


@pytest.mark.parametrize(("scenario", "order", "seed"), list(pairs()))
def test_each_call_is_billed(scenario: Scenario, order: str, seed: int) -> None:
    """Whatever the caller's device calls them, however the second one lies to the first."""
    played = Played(scenario, order, seed)
    played.play()
    assert played.ledger.reconcile(played.tenant, ACCOUNT) == []
    assert not played.account.holds
    assert is_fair(sum(played.seconds()), scenario["bill"])


@pytest.mark.parametrize("order", ["as told", "late"])
@pytest.mark.parametrize("gap", [1, 30, 86_400])
def test_a_phone_that_was_called_calls_with_the_id_of_that_leg(gap: int, order: str) -> None:
    """A phone knows the Call-ID of the leg it was called on; its own call with it is another one."""
    named = {one["name"]: one for one in SCENARIOS}
    called, calling = named["4.3/group_sequential"], named["4.3/answered_without_prompt"]
    legs = {json.loads(event["body"])["call_id"] for event in called["events"]}
    legs.discard(called["authorize"]["call_id"])
    for call_id in sorted(legs):
        own = renamed(calling, {calling["authorize"]["call_id"]: call_id})
        both = with_one_call_id(
            {**called, "authorize": {**called["authorize"], "call_id": call_id}}, own, gap
        )
        both["authorize"] = called["authorize"]
        played = Played(both, order)
        played.play()
        assert played.seconds() == [called["bill"]["seconds"], calling["bill"]["seconds"]]
