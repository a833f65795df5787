"""The call shapes of KAZOO: the simulator's events of each leg are KAZOO's for the same call."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from kazoo_simulator import Answer, Callee, Caller, CarrierFailure, Scripted, ScriptedCall, Simulator, Webhook

VECTORS = Path(__file__).parents[1] / "vectors" / "legs.json"
SCENARIOS = json.loads(VECTORS.read_text("utf-8"))["scenarios"]
ACCOUNT = "7b4a6c13f2b1b1d9e519c1e5d1ef40b5"
Told = dict[str, Any]


def flat(body: str) -> Told:
    """Read a body, whatever its version and format."""
    if body.startswith("{"):
        told = json.loads(body)
        return told.get("data", told)
    fields: Told = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        plain = name.removeprefix("data[").removesuffix("]") if name.startswith("data[") else name
        if "[" in plain:
            outer, _, inner = plain.replace("]", "").partition("[")
            fields.setdefault(outer, {})[inner] = value
        else:
            fields[plain] = value
    return fields


class Scenario:
    """One scenario of the vectors, and the times in it."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.version = row["kazoo"]
        self.shape = row["name"].partition("/")[2]
        first = row["authorize"]
        self.holds = first if isinstance(first, list) else [first]
        self.number = self.holds[0]["destination"]
        self.bodies = [event["body"] for event in row["events"]]
        self.events = [(event["hook"], flat(event["body"])) for event in row["events"]]
        self.call_id = self.holds[0]["call_id"]

    def ts(self, hook: str, call_id: str, last: bool = False) -> int | None:
        """Return when a leg told that, by the switch's clock."""
        found = [
            int(told["timestamp"])
            for name, told in self.events
            if name == hook and told["call_id"] == call_id
        ]
        return None if not found else max(found) if last else min(found)

    def between(self, start: tuple[str, str], end: tuple[str, str], default: float = 3) -> float:
        """Return the seconds between two events."""
        one, other = self.ts(*start), self.ts(*end)
        return default if one is None or other is None else max(0, other - one)

    @property
    def b_legs(self) -> list[str]:
        """Legs that were made, in the order they were."""
        made = sorted(
            (int(told["timestamp"]), told["call_id"])
            for hook, told in self.events
            if hook == "channel_create" and told["call_id"] != self.call_id
        )
        return list(dict.fromkeys(call_id for _, call_id in made))

    def leg(self, call_id: str, hook: str = "channel_create") -> Told:
        """Return an event of a leg."""
        return next(told for name, told in self.events if name == hook and told["call_id"] == call_id)


def node(module: str, child: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    """Write a node."""
    return {"module": module, "data": data, "children": {} if child is None else {"_": child}}


def prompted(scenario: Scenario, ring: dict[str, Any], hold: str = "HOLD-1") -> dict[str, Any]:
    """Write the flow of an authorised call: the hold's variable, a prompt, silence, and the ringing."""
    a = scenario.call_id
    answer_s = scenario.between(("channel_create", a), ("channel_answer", a), 0)
    first_b = scenario.b_legs[0] if scenario.b_legs else a
    ring_s = scenario.between(("channel_answer", a), ("channel_create", first_b), 3)
    spoken = node(
        "tts", node("sleep", ring, duration=max(0, round(ring_s * 1000) - 700), unit="ms"), text="x"
    )
    waited = node("sleep", spoken, duration=round(answer_s * 1000), unit="ms")
    return node("set_variables", waited, custom_application_vars={"hold_id": hold})


def unprompted(ring: dict[str, Any], hold: str = "HOLD-1") -> dict[str, Any]:
    """Write a flow that rings without answering the caller before."""
    return node("set_variables", ring, custom_application_vars={"hold_id": hold})


def ring_of(number: str) -> dict[str, Any]:
    """Write the node that calls a number, or a user of the account."""
    if not number.startswith("+"):
        return node("user", id=number, timeout=40)
    module = node("resources", to_did=number, timeout=60)
    for cause in (
        "USER_BUSY",
        "NO_ANSWER",
        "UNALLOCATED_NUMBER",
        "NO_USER_RESPONSE",
        "NORMAL_TEMPORARY_FAILURE",
    ):
        module["children"][cause] = node("hangup")
    return module


def simulator(scenario: Scenario, callees: dict[str, Callee], **more: Any) -> tuple[Simulator, Scripted]:
    """Return a KAZOO with a webhook for everything, and what it was told."""
    target = Scripted([Answer(200)])
    hook = Webhook("http://pivot.example.test/hook", hook="all", format="json")
    more.setdefault("webhook", hook)
    kazoo = Simulator(
        target,
        scenario.version,
        account_id=ACCOUNT,
        realm="acme.sip.example.com",
        rate_limit=False,
        callees=callees,
        **more,
    )
    return kazoo, target


def place(kazoo: Simulator, scenario: Scenario, flow: dict[str, Any], **more: Any) -> ScriptedCall:
    """Place the scenario's call."""
    first = next(told for _, told in scenario.events if told["call_id"] == scenario.call_id)
    caller = Caller(number=first["caller_id_number"], name="Ada Lovelace", user_ids=("u",))
    return kazoo.call(
        caller, scenario.number, flow=flow, call_id=scenario.call_id, patience_s=200_000, **more
    )


def seconds_of(scenario: Scenario, leg: str) -> tuple[float, float]:
    """Return how long a leg rang and how long it talked."""
    rings = scenario.between(("channel_create", leg), ("channel_answer", leg), 5)
    answered = scenario.ts("channel_answer", leg)
    ended = scenario.ts("channel_destroy", leg)
    return rings or 0.5, 30 if answered is None or ended is None else max(0.5, ended - answered)


# --- comparing ------------------------------------------------------------------------------------


def essence(events: list[tuple[str, Told]]) -> Counter[tuple[Any, ...]]:
    """Reduce what was told to what must be equal: legs by their role, not by their ids."""
    roles: dict[str, str] = {}
    for call_id in dict.fromkeys(told["call_id"] for _, told in events):
        own = [(hook, told) for hook, told in events if told["call_id"] == call_id]
        told = own[0][1]
        ends = sorted({each.get("hangup_cause", "") for _, each in own})
        requests = sorted({each["request"].partition("@")[0] for _, each in own if "request" in each})
        roles[call_id] = f"{told['call_direction']} {requests} {ends} {len(own)}"
    return Counter(
        (
            hook,
            roles[told["call_id"]],
            other_role(told, roles),
            told["call_direction"],
            told.get("request", ""),
            told.get("hangup_cause", ""),
            str(told.get("is_internal_leg", False)).lower(),
            json.dumps(told.get("custom_application_vars") or {}),
        )
        for hook, told in events
    )


def other_role(told: Told, roles: dict[str, str]) -> str:
    """Name the other leg by its role."""
    other = told.get("other_leg_call_id")
    if other is None:
        return "-"
    return "itself" if other == told["call_id"] else roles.get(other, "never told")


def near(one: list[tuple[str, Told]], other: list[tuple[str, Told]]) -> bool:
    """Say whether the seconds of the ends agree, to a second or two."""

    def billed(events: list[tuple[str, Told]]) -> list[int]:
        return sorted(int(told["billing_seconds"]) for hook, told in events if hook == "channel_destroy")

    return all(abs(a - b) <= 2 for a, b in zip(billed(one), billed(other), strict=True))


CAUSES = {"PICKED_OFF", "BLIND_TRANSFER", "ATTENDED_TRANSFER", "BOWOUT", "NORMAL_UNSPECIFIED"}


def plainly(events: list[tuple[str, Told]]) -> list[tuple[str, Told]]:
    """Take the causes that the switch chooses by its mood for the usual one."""
    return [
        (hook, {**told, "hangup_cause": "NORMAL_CLEARING"} if told.get("hangup_cause") in CAUSES else told)
        for hook, told in events
    ]


def compare(scenario: Scenario, target: Scripted, call: ScriptedCall) -> None:
    """Hold what was sent against what KAZOO sent."""
    sent = [flat(request.body.decode()) for request in target.requests]
    told = [(str(each.get("hook_event")), each) for each in sent]
    expected = plainly(scenario.events)
    assert essence(plainly(told)) == essence(expected), call.ladder()
    assert near(told, scenario.events), call.ladder()


# --- the shapes -----------------------------------------------------------------------------------

ONE_B_LEG = (
    "plain_answered", "very_short_answer", "unanswered", "busy", "wrong_number", "long_call",
    "voicemail_after_no_answer", "answered_without_prompt", "early_media_only", "switch_clock_slow",
    "switch_clock_fast", "clock_slow_and_a_first", "a_leg_told_before_b_leg", "told_in_reverse",
    "end_told_late", "b_leg_much_later_than_a_leg",
)  # fmt: skip
OUTCOMES = {
    "USER_BUSY": "busy",
    "UNALLOCATED_NUMBER": "missing",
    "NO_USER_RESPONSE": "no_response",
    "NO_ANSWER": "no_answer",
}


def rows(*shapes: str) -> list[Any]:
    """Return the scenarios of these shapes, on both versions."""
    return [
        pytest.param(Scenario(row), id=row["name"])
        for row in SCENARIOS
        if row["name"].partition("/")[2] in shapes
    ]


def callee_for(scenario: Scenario, leg: str) -> Callee:
    """Return how the callee of a leg behaved."""
    rings, talks = seconds_of(scenario, leg)
    if scenario.ts("channel_answer", leg) is not None:
        return Callee("answers", after_s=rings, talk_s=talks)
    cause = scenario.leg(leg, "channel_destroy")["hangup_cause"]
    lasted = scenario.between(("channel_create", leg), ("channel_destroy", leg))
    return Callee(OUTCOMES[cause], after_s=max(0.2, lasted))  # type: ignore[arg-type]


@pytest.mark.parametrize("scenario", rows(*ONE_B_LEG))
def test_calls_with_one_other_leg(scenario: Scenario) -> None:
    """Answered, unanswered, busy, wrong number, mailbox; however and whenever they are told."""
    (leg,) = scenario.b_legs
    ring = ring_of(scenario.number)
    if scenario.shape == "unanswered" or scenario.shape == "voicemail_after_no_answer":
        ring["data"]["timeout"] = round(scenario.between(("channel_create", leg), ("channel_destroy", leg)))
    if scenario.shape == "voicemail_after_no_answer":
        rest = scenario.between(("channel_destroy", leg), ("channel_destroy", scenario.call_id))
        ring["children"] = {"_": node("sleep", node("hangup"), duration=round(rest))}
    elif scenario.ts("channel_answer", leg) is None:
        rest = scenario.between(("channel_destroy", leg), ("channel_destroy", scenario.call_id))
        for key in ring["children"]:
            ring["children"][key] = node("sleep", node("hangup"), duration=round(rest))
    early = scenario.shape in ("answered_without_prompt", "early_media_only")
    flow = unprompted(ring) if early else prompted(scenario, ring)
    kazoo, target = simulator(scenario, {scenario.number: callee_for(scenario, leg)})
    compare(scenario, target, place(kazoo, scenario, flow).ends())


@pytest.mark.parametrize("scenario", rows("gives_up_in_the_prompt", "conference"))
def test_calls_without_another_leg(scenario: Scenario) -> None:
    """The caller leaves in the prompt, or after a conference."""
    a = scenario.call_id
    flow = prompted(scenario, node("conference", id="c" * 32))
    kazoo, target = simulator(scenario, {})
    call = place(kazoo, scenario, flow)
    call.hangs_up(after_s=scenario.between(("channel_create", a), ("channel_destroy", a))).ends()
    compare(scenario, target, call)


@pytest.mark.parametrize("scenario", rows("caller_gives_up_while_it_rings"))
def test_the_caller_gives_up(scenario: Scenario) -> None:
    """The ringing leg is cancelled."""
    kazoo, target = simulator(scenario, {scenario.number: Callee("no_answer")})
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number)))
    (leg,) = scenario.b_legs
    call.rings(scenario.number).hangs_up(
        after_s=scenario.between(("channel_create", leg), ("channel_destroy", leg))
    ).ends()
    compare(scenario, target, call)


@pytest.mark.parametrize("scenario", rows("failover", "failover_all_fail", "failover_wrong_call_state"))
def test_carriers_in_turn(scenario: Scenario) -> None:
    """Each carrier is a leg of its own."""
    legs = sorted(scenario.b_legs, key=lambda leg: scenario.ts("channel_answer", leg) is not None)
    failed = []
    for leg in legs[: len(legs) if scenario.shape == "failover_all_fail" else -1]:
        ended = [
            told for hook, told in scenario.events if hook == "channel_destroy" and told["call_id"] == leg
        ]
        lasted = scenario.between(("channel_create", leg), ("channel_destroy", leg), 1)
        failed.append(CarrierFailure(ended[0]["hangup_cause"] if ended else "WRONG_CALL_STATE", lasted))
    ring = ring_of(scenario.number)
    if scenario.shape == "failover_all_fail":
        last = failed.pop()
        callee = Callee("unreachable", after_s=last.after_s, cause=last.cause, failing_carriers=tuple(failed))
    else:
        rings, talks = seconds_of(scenario, legs[-1])
        callee = Callee("answers", after_s=rings, talk_s=talks, failing_carriers=tuple(failed))
    kazoo, target = simulator(scenario, {scenario.number: callee})
    compare(scenario, target, place(kazoo, scenario, prompted(scenario, ring)).ends())


@pytest.mark.parametrize("scenario", rows("forked_carriers_one_answers"))
def test_carriers_at_once(scenario: Scenario) -> None:
    """The losers of a race end with LOSE_RACE."""
    winner = next(leg for leg in scenario.b_legs if scenario.ts("channel_answer", leg) is not None)
    rings, talks = seconds_of(scenario, winner)
    callee = Callee("answers", after_s=rings, talk_s=talks, racing_carriers=len(scenario.b_legs) - 1)
    kazoo, target = simulator(scenario, {scenario.number: callee})
    compare(scenario, target, place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).ends())


@pytest.mark.parametrize("scenario", rows("group_simultaneous", "group_sequential"))
def test_ring_groups(scenario: Scenario) -> None:
    """Phones of the account, at once or one after the other."""
    callees, endpoints = {}, []
    for leg in scenario.b_legs:
        phone = scenario.leg(leg)["request"].partition("@")[0]
        callees[phone] = (
            callee_for(scenario, leg) if scenario.ts("channel_answer", leg) else Callee("no_answer")
        )
        lasted = round(scenario.between(("channel_create", leg), ("channel_destroy", leg)))
        endpoints.append({"id": phone, "endpoint_type": "device", "timeout": min(lasted, 100)})
    strategy = "simultaneous" if scenario.shape == "group_simultaneous" else "single"
    ring = node("ring_group", endpoints=endpoints, strategy=strategy, timeout=100)
    a = scenario.call_id
    first = scenario.ts("channel_create", scenario.b_legs[0])
    answered = scenario.ts("channel_answer", a)
    early = answered is not None and first is not None and answered > first
    flow = unprompted(ring) if early else prompted(scenario, ring)
    kazoo, target = simulator(scenario, callees)
    compare(scenario, target, place(kazoo, scenario, flow).ends())


@pytest.mark.parametrize("scenario", rows("follow_me"))
def test_a_mobile_that_answers(scenario: Scenario) -> None:
    """The desk phone loses the race against the mobile."""
    _, mobile = scenario.b_legs
    number = scenario.leg(mobile)["request"].partition("@")[0]
    rings, talks = seconds_of(scenario, mobile)
    later = scenario.between(("channel_create", scenario.b_legs[0]), ("channel_create", mobile))
    callee = Callee("answers", after_s=rings + later, talk_s=talks, mobile=number, mobile_after_s=later)
    kazoo, target = simulator(scenario, {scenario.number: callee})
    compare(scenario, target, place(kazoo, scenario, unprompted(ring_of(scenario.number))).ends())


@pytest.mark.parametrize("scenario", rows("callee_phone_forwards", "callee_forwards_with_confirmation"))
def test_a_callee_that_forwards(scenario: Scenario) -> None:
    """A loopback, whose halves leave the call unless the callee has to confirm."""
    far = next(leg for leg in scenario.b_legs if "198.51.100" in scenario.leg(leg)["request"])
    rings, talks = seconds_of(scenario, far)
    callee = Callee(
        "answers",
        after_s=rings,
        talk_s=talks,
        forwards_to=scenario.leg(far)["request"].partition("@")[0],
        confirms=scenario.shape == "callee_forwards_with_confirmation",
    )
    ring = ring_of(scenario.number)
    a, first = scenario.ts("channel_answer", scenario.call_id), scenario.ts("channel_create", far)
    early = a is not None and first is not None and a > first
    flow = unprompted(ring) if early else prompted(scenario, ring)
    kazoo, target = simulator(scenario, {scenario.number: callee})
    compare(scenario, target, place(kazoo, scenario, flow).ends())


@pytest.mark.parametrize(
    "scenario",
    rows(
        "caller_transfers_callee_away_long", "caller_transfers_callee_away_short",
        "caller_transfers_callee_nobody_answers", "callee_transfers", "callee_transfers_nobody_answers",
    ),
)  # fmt: skip
def test_blind_transfers(scenario: Scenario) -> None:
    """Either side sends the other to somebody, who answers or not."""
    b, c = scenario.b_legs
    rings, _ = seconds_of(scenario, b)
    kazoo, target = simulator(scenario, {scenario.number: Callee("answers", after_s=rings, talk_s=90_000)})
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).talks_to(scenario.number)
    call.waits(scenario.between(("channel_answer", b), ("channel_create", c)))
    answered = scenario.ts("channel_answer", c) is not None
    rings_c, talks_c = seconds_of(scenario, c)
    if not answered:
        rings_c = scenario.between(("channel_create", c), ("channel_destroy", c))
    to = scenario.leg(c)["request"].partition("@")[0]
    transfer = call.callee_transfers if scenario.shape.startswith("callee") else call.transfers
    compare(scenario, target, transfer(to, answered=answered, rings_s=rings_c, talk_s=talks_c).ends())


@pytest.mark.parametrize("scenario", rows("caller_attended"))
def test_an_attended_transfer_of_the_caller(scenario: Scenario) -> None:
    """A second call of the phone, with an authorisation of its own; then both other legs are joined."""
    b = scenario.b_legs[0]
    a2 = next(leg for leg in scenario.b_legs if scenario.leg(leg)["call_direction"] == "inbound")
    c = scenario.b_legs[-1]
    to = scenario.leg(c)["request"].partition("@")[0]
    kazoo, target = simulator(
        scenario,
        {
            scenario.number: Callee("answers", after_s=seconds_of(scenario, b)[0], talk_s=90_000),
            to: Callee("answers", after_s=seconds_of(scenario, c)[0], talk_s=90_000),
        },
    )
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).talks_to(scenario.number)
    call.waits(scenario.between(("channel_answer", b), ("channel_create", a2)))
    # The second call runs a flow of its own hold.
    rings_s = scenario.between(("channel_answer", a2), ("channel_create", c))
    rest = node("sleep", ring_of(to), duration=max(0, round(rings_s * 1000) - 700), unit="ms")
    late = scenario.between(("channel_create", a2), ("channel_answer", a2))
    spoken = node("sleep", node("tts", rest, text="x"), duration=round(late * 1000), unit="ms")
    call.interpreter.channel.first_flow = unprompted(spoken, "HOLD-2")
    consulted = scenario.between(("channel_answer", c), ("channel_destroy", a2))
    talks = scenario.between(("channel_destroy", a2), ("channel_destroy", c))
    compare(scenario, target, call.transfers(to, attended=True, consult_s=consulted, talk_s=talks).ends())


@pytest.mark.parametrize("scenario", rows("callee_attended"))
def test_an_attended_transfer_of_the_callee(scenario: Scenario) -> None:
    """The callee asks in a call of his own, then the caller is joined with its other leg."""
    b, *others = scenario.b_legs
    b2 = next(leg for leg in others if scenario.leg(leg)["call_direction"] == "inbound")
    c = next(leg for leg in others if leg != b2)
    rings, _ = seconds_of(scenario, b)
    kazoo, target = simulator(scenario, {scenario.number: Callee("answers", after_s=rings, talk_s=90_000)})
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).talks_to(scenario.number)
    call.waits(scenario.between(("channel_answer", b), ("channel_create", b2)))
    call.callee_transfers(
        scenario.leg(c)["request"].partition("@")[0],
        attended=True,
        rings_s=seconds_of(scenario, c)[0],
        consult_s=scenario.between(("channel_answer", c), ("channel_destroy", b2)),
        talk_s=scenario.between(("channel_destroy", b2), ("channel_destroy", c)),
    )
    compare(scenario, target, call.ends())


@pytest.mark.parametrize(
    "scenario", rows("intercepted_by_colleague", "moved_to_another_phone", "replaces_header")
)
def test_another_phone_takes_over(scenario: Scenario) -> None:
    """The caller's leg is picked off; the callee's ends with an inbound leg."""
    b, x = scenario.b_legs
    rings, _ = seconds_of(scenario, b)
    kazoo, target = simulator(scenario, {scenario.number: Callee("answers", after_s=rings, talk_s=90_000)})
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).talks_to(scenario.number)
    call.waits(scenario.between(("channel_answer", b), ("channel_create", x)))
    talks = scenario.between(("channel_answer", x), ("channel_destroy", x))
    if scenario.shape == "moved_to_another_phone":
        call.moves(talk_s=talks)
    elif scenario.shape == "replaces_header":
        call.replaced(talk_s=talks)
    else:
        call.intercepted(talk_s=talks)
    compare(scenario, target, call.ends())


@pytest.mark.parametrize("scenario", rows("picked_up_while_ringing"))
def test_a_pickup(scenario: Scenario) -> None:
    """The ringing leg is cancelled, and the caller talks to an inbound leg."""
    b, x = scenario.b_legs
    kazoo, target = simulator(scenario, {})
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).rings(scenario.number)
    call.waits(scenario.between(("channel_create", b), ("channel_create", x)))
    talks = scenario.between(("channel_answer", x), ("channel_destroy", x))
    compare(scenario, target, call.picked_up(talk_s=talks).ends())


@pytest.mark.parametrize("scenario", rows("callee_parked_by_caller", "caller_parked_by_callee"))
def test_parking(scenario: Scenario) -> None:
    """One side is parked, and retrieved by an inbound leg."""
    b, x = scenario.b_legs
    by_callee = scenario.shape == "caller_parked_by_callee"
    rings, _ = seconds_of(scenario, b)
    kazoo, target = simulator(scenario, {scenario.number: Callee("answers", after_s=rings, talk_s=90_000)})
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).talks_to(scenario.number)
    parked = b if by_callee else scenario.call_id
    call.waits(scenario.between(("channel_answer", b), ("channel_destroy", parked)))
    slot = scenario.leg(x)["request"].partition("@")[0].removeprefix("*3")
    after = scenario.between(("channel_destroy", parked), ("channel_create", x))
    talks = scenario.between(("channel_answer", x), ("channel_destroy", x))
    park = call.callee_parks if by_callee else call.parks
    compare(scenario, target, park(slot, after_s=after, talk_s=talks).ends())


@pytest.mark.parametrize("scenario", rows("conference_dials_out"))
def test_a_conference_that_dials(scenario: Scenario) -> None:
    """The dialled member names itself and belongs to no call."""
    (member,) = scenario.b_legs
    kazoo, target = simulator(scenario, {})
    call = place(
        kazoo, scenario, prompted(scenario, node("conference", id="c" * 32, welcome_prompt={"play": False}))
    )
    rings, talks = seconds_of(scenario, member)
    number = scenario.leg(member)["request"].partition("@")[0]
    call.conference_dials(number, rings_s=rings, talk_s=talks)
    ended = scenario.between(("channel_create", member), ("channel_destroy", scenario.call_id))
    compare(scenario, target, call.hangs_up(after_s=ended).ends())


@pytest.mark.parametrize("scenario", rows("click_to_call_answered", "click_to_call_unanswered"))
def test_click_to_call(scenario: Scenario) -> None:
    """The caller's leg is outbound and names itself until it is bridged."""
    (leg,) = scenario.b_legs
    ring = ring_of(scenario.number)
    ring["data"]["timeout"] = round(scenario.between(("channel_create", leg), ("channel_destroy", leg)))
    kazoo, target = simulator(scenario, {scenario.number: callee_for(scenario, leg)})
    extension = scenario.leg(scenario.call_id)["request"].partition("@")[0]
    first = scenario.leg(scenario.call_id)
    caller = Caller(number=first["caller_id_number"], name="Ada Lovelace", sip_user=extension)
    rest = round(scenario.between(("channel_destroy", leg), ("channel_destroy", scenario.call_id)))
    if scenario.shape == "click_to_call_unanswered":
        ring["children"]["NO_ANSWER"] = node("sleep", node("hangup"), duration=rest)
    wait = scenario.between(("channel_answer", scenario.call_id), ("channel_create", leg))
    flow = unprompted(node("sleep", ring, duration=round(wait)))
    call = kazoo.call(
        caller, scenario.number, flow=flow, call_id=scenario.call_id, click_to_call=True, patience_s=9000
    ).ends()
    sent = [flat(request.body.decode()) for request in target.requests]
    told = [(each["hook_event"], each) for each in sent]
    assert essence(told) == essence(scenario.events), call.ladder()


@pytest.mark.parametrize(
    "scenario", rows("onnet_other_account", "onnet_bowed_out", "onnet_internal_legs_filtered")
)
def test_a_number_of_another_account(scenario: Scenario) -> None:
    """Its leg is half of a loopback, which stays, leaves, or is not told at all."""
    a = scenario.call_id
    filtered = scenario.shape == "onnet_internal_legs_filtered"
    leg = a if filtered else scenario.b_legs[0]
    bridged = ("channel_bridge", a)
    rings = 4 if filtered else seconds_of(scenario, leg)[0]
    callee = Callee(
        "answers",
        after_s=rings,
        talk_s=scenario.between(bridged, ("channel_destroy", a)),
        other_account=True,
        bows_out=scenario.shape == "onnet_bowed_out",
    )
    hook = Webhook(
        "http://pivot.example.test/h", hook="all", format="json", include_internal_legs=not filtered
    )
    kazoo, target = simulator(scenario, {scenario.number: callee}, webhook=hook)
    flow = prompted(scenario, ring_of(scenario.number))
    if filtered:
        answer = ("channel_answer", a)
        wait = max(0.0, scenario.between(answer, bridged) - rings)
        flow["children"]["_"]["children"]["_"]["children"]["_"]["data"]["duration"] = max(
            0, round(wait * 1000) - 700
        )
    compare(scenario, target, place(kazoo, scenario, flow).ends())


@pytest.mark.parametrize(
    "scenario",
    rows("second_number_in_one_call", "second_call_after_the_first_ended", "same_number_twice_in_one_call"),
)
def test_a_second_authorisation_in_a_call(scenario: Scenario) -> None:
    """A second number in the same call is a second leg, with the second hold."""
    first, second = scenario.b_legs
    numbers = [scenario.leg(leg)["request"].partition("@")[0] for leg in (first, second)]
    again = node("set_variables", ring_of(numbers[1]), custom_application_vars={"hold_id": "HOLD-2"})
    gap = scenario.between(("channel_destroy", first), ("channel_create", second))
    again = node("sleep", again, duration=round(gap))
    ring = ring_of(numbers[0])
    callees = {numbers[0]: callee_for(scenario, first), numbers[1]: callee_for(scenario, second)}
    if scenario.shape == "second_number_in_one_call":
        ring["children"]["USER_BUSY"] = again
    else:
        ring = node("after_bridge", ring, action="transfer", data="again")
        # The second conversation is the last one.
        again["children"]["_"]["children"]["_"] = node(
            "after_bridge", again["children"]["_"]["children"]["_"], action="hangup"
        )
    if scenario.shape == "same_number_twice_in_one_call":
        callees = {numbers[0]: callee_for(scenario, first)}
    kazoo, target = simulator(scenario, callees, callflows={"again": again})
    call = place(kazoo, scenario, prompted(scenario, ring))
    if scenario.shape == "same_number_twice_in_one_call":
        call.ends()
        sent = [flat(request.body.decode()) for request in target.requests]
        assert essence([(each["hook_event"], each) for each in sent]) == essence(scenario.events), (
            call.ladder()
        )
        return
    compare(scenario, target, call.ends())


@pytest.mark.parametrize("scenario", rows("media_server_dies"))
def test_a_media_server_that_dies(scenario: Scenario) -> None:
    """No end of a leg is told."""
    (leg,) = scenario.b_legs
    rings, _ = seconds_of(scenario, leg)
    kazoo, target = simulator(scenario, {scenario.number: Callee("answers", after_s=rings, talk_s=900)})
    call = place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).talks_to(scenario.number)
    compare(scenario, target, call.waits(10).media_server_dies().ends("CHANNEL_DISCONNECTED"))


LOST = {
    "b_leg_end_lost": [("channel_destroy", "b")],
    "b_leg_wholly_lost": [(None, "b")],
    "unanswered_and_b_leg_lost": [("channel_destroy", "b")],
    "a_leg_end_lost": [("channel_destroy", "a")],
    "only_ends_are_told": [("channel_create", None), ("channel_answer", None), ("channel_bridge", None)],
    "nothing_is_told": [(None, None)],
    "webhook_disabled_for_an_hour": [("channel_bridge", None), ("channel_destroy", None)],
}


@pytest.mark.parametrize("scenario", rows(*LOST))
def test_lost_webhooks(scenario: Scenario) -> None:
    """What is lost is lost; the rest is told as ever."""
    outcome = "no_answer" if scenario.shape == "unanswered_and_b_leg_lost" else "answers"
    kazoo, target = simulator(scenario, {scenario.number: Callee(outcome, after_s=5, talk_s=40)})  # type: ignore[arg-type]
    for hook, leg in LOST[scenario.shape]:
        kazoo.loses_webhooks(hook, leg=leg)  # type: ignore[arg-type]
    flow = node("set_variables", node("tts", ring_of(scenario.number), text="x"))
    flow["data"] = {"custom_application_vars": {"hold_id": "HOLD-1"}}
    if scenario.events:
        call = place(kazoo, scenario, flow).ends()
    else:
        call = kazoo.call("1001", scenario.number, flow=flow, call_id=scenario.call_id).ends()
    sent = [flat(request.body.decode()) for request in target.requests]
    assert essence([(each["hook_event"], each) for each in sent]) == essence(scenario.events), call.ladder()


@pytest.mark.parametrize("scenario", rows("every_event_twice", "told_twice_by_parent_account"))
def test_everything_twice(scenario: Scenario) -> None:
    """Repeats are the same bytes; a hook of an ancestor posts for itself."""
    (leg,) = scenario.b_legs
    url = "http://pivot.example.test/hook"
    if scenario.shape == "every_event_twice":
        hooks: Any = Webhook(url, hook="all", format="json", deliveries=2, twice_after_s=11)
    else:
        hooks = tuple(
            Webhook(url, hook="all", format="json", hook_id=each * 32, account_id=each * 32) for each in "ab"
        )
    kazoo, target = simulator(scenario, {scenario.number: callee_for(scenario, leg)}, webhook=hooks)
    compare(scenario, target, place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).ends())
    bodies = Counter(request.body for request in target.requests)
    assert set(bodies.values()) == {2}


@pytest.mark.parametrize("scenario", rows("form_bodies"))
def test_form_bodies(scenario: Scenario) -> None:
    """The same as a form, name by name in KAZOO's order."""
    (leg,) = scenario.b_legs
    hook = Webhook("http://pivot.example.test/hook", hook="all")
    kazoo, target = simulator(scenario, {scenario.number: callee_for(scenario, leg)}, webhook=hook)
    compare(scenario, target, place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).ends())
    orders = {(told["hook_event"], told["call_direction"]): list(told) for _, told in scenario.events}
    for request in target.requests:
        told = flat(request.body.decode())
        assert list(told) == orders[told["hook_event"], told["call_direction"]]


@pytest.mark.parametrize("scenario", rows("version_2_bodies", "version_2_form"))
def test_version_2_bodies(scenario: Scenario) -> None:
    """Every name at every depth, in KAZOO 5's order."""
    (leg,) = scenario.b_legs
    body_format: Any = "json" if scenario.shape == "version_2_bodies" else "form-data"
    hook = Webhook("http://pivot.example.test/hook", hook="all", format=body_format, version=2)
    kazoo, target = simulator(scenario, {scenario.number: callee_for(scenario, leg)}, webhook=hook)
    place(kazoo, scenario, prompted(scenario, ring_of(scenario.number))).ends()

    def names(told: Told) -> list[Any]:
        return [
            (name, sorted(value) if isinstance(value, dict) and name != "custom_application_vars" else None)
            for name, value in told.items()
        ]

    expected = Counter(json.dumps(names(told)) for _, told in scenario.events)
    assert Counter(json.dumps(names(flat(r.body.decode()))) for r in target.requests) == expected
