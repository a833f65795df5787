"""Modules that ring somebody."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, cast

from kazoo_simulator._events import Bridged, JsonObject, RingingEnded, RingingStarted
from kazoo_simulator._kazoo import CAUSES, Callee, LegOutcome, normalize_number
from kazoo_simulator._steps import Continue, HangUp, ModuleCrash, Next, Replace, Steps, Wait, Wake
from kazoo_simulator._webhooks import new_leg

from ._registry import module

if TYPE_CHECKING:
    from kazoo_simulator._engine import Engine

_NO_TIMEOUT_MS = 40_000  # what KAZOO waits when it set no dial timeout
_DEFAULT_TALK_S = 30.0


@module("user", "group")
def user(call: Engine, data: JsonObject) -> Steps:
    """Ring all devices of a user (or all members of a group)."""
    kind = call.node["module"]
    if kind == "group" and call.world.kazoo == "4.3":
        call.answer()
    timeout_ms = int(data.get("timeout", 20)) * 1000
    targets = [f"{kind}:{data.get('id', '')}"]
    return (yield from ring(call, targets, timeout_ms, rounds=int(data.get("repeats") or 1)))


@module("device", "route_to_cid")
def device(call: Engine, data: JsonObject) -> Steps:
    """Ring one device; the schema's timeout of 0 removes the usual 20 seconds."""
    timeout_ms = int(data.get("timeout", 0)) * 1000
    if not timeout_ms:
        call.note("no timeout (the schema fills in 0), so KAZOO waits about 40 s instead of 20")
    targets = [f"device:{data.get('id') or call.dialled}"]
    return (yield from ring(call, targets, timeout_ms or _NO_TIMEOUT_MS))


@module("ring_group", "page_group")
def ring_group(call: Engine, data: JsonObject) -> Steps:
    """Ring several endpoints, at once or one after the other, `repeats` times."""
    endpoints = data.get("endpoints") or []
    targets = [f"{entry['endpoint_type']}:{entry['id']}" for entry in endpoints]
    if not targets and data.get("group_id"):
        targets = [f"group:{data['group_id']}"]
    timeout_ms = int(data.get("timeout", 20)) * 1000
    rounds = int(data.get("repeats") or 1)
    one_by_one = data.get("strategy") in ("single", "weighted_random") and len(targets) > 1
    if not one_by_one:
        return (yield from ring(call, targets, timeout_ms, rounds=rounds))
    seconds = {f"{entry['endpoint_type']}:{entry['id']}": entry.get("timeout", 20) for entry in endpoints}
    if data["strategy"] == "weighted_random":
        call.random.shuffle(targets)
    failure: LegOutcome = "no_answer"
    for target in targets * rounds:
        outcome = yield from _ring_once(call, [target], int(seconds[target]) * 1000)
        if outcome == "answers":
            return (yield from talk(call, target))
        failure = outcome
    return on_failure(call, failure)


@module("resources", "offnet")
def resources(call: Engine, data: JsonObject) -> Steps:
    """Call a number through carriers; on failure only children named after cause or SIP code run."""
    number = normalize_number(str(data.get("to_did") or call.dialled))
    timeout_ms = int(data.get("timeout") or 60) * 1000
    return (yield from ring(call, [f"number:{number}"], timeout_ms, wildcard=False))


@module("call_pickup")
def call_pickup(call: Engine, data: JsonObject) -> Steps:
    """Bridge to a leg that is already up."""
    if not data.get("target_call_id"):
        msg = "no target_call_id"
        raise ModuleCrash(msg)
    return (yield from talk(call, f"call:{data['target_call_id']}"))


def ring(
    call: Engine, targets: list[str], timeout_ms: int, *, rounds: int = 1, wildcard: bool = True
) -> Steps:
    """Ring targets together; who answers is bridged for good, else the failure's child runs."""
    present = [target for target in targets if callee_of(call, target).outcome != "missing"]
    if not present:
        call.note("nobody to ring")
        if not wildcard:
            return on_failure(call, "missing", wildcard=False)
        return Continue(call.attempt("NO_ENDPOINTS") or "_") if call.world.kazoo == "5" else Continue()
    outcome: LegOutcome = "no_answer"
    for _ in range(rounds):
        outcome = yield from _ring_once(call, present, timeout_ms)
        if outcome == "answers":
            return (yield from talk(call, _who(call, present)))
    return on_failure(call, outcome, wildcard=wildcard)


def _ring_once(call: Engine, targets: list[str], timeout_ms: int) -> Generator[Wait, Wake, LegOutcome]:
    began = call.now_ms
    legs = [new_leg(call, target) for target in targets]
    call.emit(RingingStarted(at_ms=began, targets=tuple(targets), timeout_ms=timeout_ms))
    behaviours = [callee_of(call, target) for target in targets]
    outcome, after_ms = _foreseen(behaviours, timeout_ms)
    call.talk_s = next((b.talk_s for b in behaviours if b.outcome == "answers"), _DEFAULT_TALK_S)
    wake = yield Wait(began + after_ms, legs=True)
    if wake.why == "leg":
        news, _, talk_s = wake.value.partition(":")
        outcome = "rejects" if news == "hangs_up" else cast("LegOutcome", news)
        call.talk_s = float(talk_s) if talk_s else _DEFAULT_TALK_S
    if outcome == "answers":
        call.emit(
            RingingEnded(
                at_ms=call.now_ms, outcome="answered", cause="SUCCESS", sip_code=200, by=_who(call, targets)
            )
        )
    else:
        cause, code = CAUSES[outcome]
        call.emit(RingingEnded(at_ms=call.now_ms, outcome="failed", cause=cause, sip_code=code))
    for leg in legs:
        if outcome == "answers" and leg.target == _who(call, targets):
            leg.answered_ms = call.now_ms
        else:
            leg.ended_ms = call.now_ms
            leg.cause = "LOSE_RACE" if outcome == "answers" else CAUSES[outcome][0]
    return outcome


def _foreseen(behaviours: list[Callee], timeout_ms: int) -> tuple[LegOutcome, int]:
    """Return what will happen first if nobody interferes, and when."""
    answers = [round(b.after_s * 1000) for b in behaviours if b.outcome == "answers"]
    if answers and min(answers) < timeout_ms:
        return "answers", min(answers)
    fails = [
        (round(b.after_s * 1000), b.outcome) for b in behaviours if b.outcome not in ("answers", "no_answer")
    ]
    if len(fails) == len(behaviours) and max(fails)[0] < timeout_ms:
        return max(fails)[1], max(fails)[0]
    return "no_answer", timeout_ms


def callee_of(call: Engine, target: str) -> Callee:
    """Return how a target behaves, looked up with and without its type."""
    callees = call.world.callees
    return callees.get(target) or callees.get(target.partition(":")[2]) or Callee()


def _who(call: Engine, targets: list[str]) -> str:
    answering = [target for target in targets if callee_of(call, target).outcome == "answers"]
    return min(answering, key=lambda target: callee_of(call, target).after_s) if answering else targets[0]


def talk(call: Engine, to: str) -> Steps:
    """Talk until one side hangs up; then what after_bridge said happens, or the call is over."""
    call.answer()
    call.bridged_to = to
    call.emit(Bridged(at_ms=call.now_ms, to=to))
    until_ms = call.now_ms + round(call.talk_s * 1000)
    while call.now_ms < until_ms:
        wake = yield Wait(until_ms, listener=to, legs=True)
        if wake.why == "leg" and wake.value == "hangs_up":
            break
    call.bridged_to = None
    after = call.after_bridge or {}
    if after.get("action") == "transfer" and str(after.get("data")) in call.world.callflows:
        call.note(f"after_bridge: transferred to {after['data']}")
        return Replace(call.world.callflows[str(after["data"])])
    if after.get("action") == "park":
        call.note("after_bridge: the caller is parked")
        call.start_audio(source="hold_music", text="parked")
        yield Wait(None)
    call.callee_hung_up(to)
    return HangUp("bridged")


def on_failure(call: Engine, outcome: LegOutcome, *, wildcard: bool = True) -> Next:
    """Choose the child after ringing failed: cause, SIP code, then (not for carriers) the wildcard."""
    cause, code = CAUSES[outcome]
    key = call.attempt(cause, f"sip:{code}")
    if key or wildcard:
        return Continue(key or "_")
    if call.attempt("_") is None:
        call.note("no child for this failure: KAZOO announces the error")
    else:
        call.note("carriers ignore the wildcard child; a child named after the cause or SIP code is needed")
    return HangUp("the carriers failed", cause, code)
