"""Modules that ring somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kazoo_simulator._events import Bridged, JsonObject
from kazoo_simulator._kazoo import CAUSES, LegOutcome, normalize_number
from kazoo_simulator._legs import Leg
from kazoo_simulator._steps import Continue, HangUp, ModuleCrash, Next, Replace, Steps, Wait

from ._registry import module
from ._ringing import callee_of, leave_loopback, ring_once

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

_NO_TIMEOUT_MS = 40_000  # what KAZOO waits when it set no dial timeout


@module("user", "group")
def user(call: Channel, data: JsonObject) -> Steps:
    """Ring all devices of a user (or all members of a group)."""
    kind = call.node["module"]
    if kind == "group" and call.config.version == "4.3":
        call.answer()
    timeout_ms = int(data.get("timeout", 20)) * 1000
    targets = [f"{kind}:{data.get('id', '')}"]
    return (yield from ring(call, targets, timeout_ms, rounds=int(data.get("repeats") or 1)))


@module("device", "route_to_cid")
def device(call: Channel, data: JsonObject) -> Steps:
    """Ring one device; the schema's timeout of 0 removes the usual 20 seconds."""
    timeout_ms = int(data.get("timeout", 0)) * 1000
    if not timeout_ms:
        call.note("no timeout (the schema fills in 0), so KAZOO waits about 40 s instead of 20")
    targets = [f"device:{data.get('id') or call.dialled}"]
    return (yield from ring(call, targets, timeout_ms or _NO_TIMEOUT_MS))


@module("ring_group", "page_group")
def ring_group(call: Channel, data: JsonObject) -> Steps:
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
        outcome, leg = yield from ring_once(call, [target], int(seconds[target]) * 1000)
        if outcome == "answers":
            return (yield from talk(call, target, leg))
        failure = outcome
    return on_failure(call, failure)


@module("resources", "offnet")
def resources(call: Channel, data: JsonObject) -> Steps:
    """Call a number through carriers; on failure only children named after cause or SIP code run."""
    number = normalize_number(str(data.get("to_did") or call.dialled))
    timeout_ms = int(data.get("timeout") or 60) * 1000
    return (yield from ring(call, [f"number:{number}"], timeout_ms, wildcard=False))


@module("call_pickup")
def call_pickup(call: Channel, data: JsonObject) -> Steps:
    """Bridge to a leg that is already up."""
    if not data.get("target_call_id"):
        msg = "no target_call_id"
        raise ModuleCrash(msg)
    return (yield from talk(call, f"call:{data['target_call_id']}"))


def ring(
    call: Channel, targets: list[str], timeout_ms: int, *, rounds: int = 1, wildcard: bool = True
) -> Steps:
    """Ring targets together; who answers is bridged, else the failure's child runs."""
    present = [target for target in targets if callee_of(call, target).outcome != "missing"]
    if not present and not any(target.startswith("number:") for target in targets):
        call.note("nobody to ring")
        if not wildcard:
            return on_failure(call, "missing", wildcard=False)
        return Continue(call.attempt("NO_ENDPOINTS") or "_") if call.config.version == "5" else Continue()
    outcome: LegOutcome = "no_answer"
    for _ in range(rounds):
        outcome, leg = yield from ring_once(call, present or targets, timeout_ms)
        if outcome == "answers":
            return (yield from talk(call, _who(call, present), leg))
    return on_failure(call, outcome, wildcard=wildcard)


def _who(call: Channel, targets: list[str]) -> str:
    answering = [target for target in targets if callee_of(call, target).outcome == "answers"]
    return min(answering, key=lambda target: callee_of(call, target).after_s) if answering else targets[0]


def talk(call: Channel, to: str, leg: Leg | None = None) -> Steps:
    """Join the caller with a leg that has answered, and talk."""
    call.answer()
    if leg is not None and call.leg is not None:
        call.switch.bridge(call.leg, leg)
        leave_loopback(call, leg)
    call.partner, call.bridged_to = leg, to
    call.emit(Bridged(at_ms=call.now_ms, to=to))
    call.on_bridged()
    return (yield from conversation(call, to))


def conversation(call: Channel, to: str) -> Steps:
    """Talk until one side hangs up; then what after_bridge said happens, or the call is over."""
    until_ms = call.now_ms + round(call.talk_s * 1000)
    while call.now_ms < until_ms:
        wake = yield Wait(until_ms, listener=to, legs=True)
        if wake.why == "leg" and wake.value == "hangs_up":
            break
    call.bridged_to = None
    after = call.after_bridge or {}
    going_on = after.get("action") == "park" or str(after.get("data")) in call.config.callflows
    if going_on and call.leg is not None:
        call.switch.destroy_made_for(call.leg)
        if call.partner is not None:
            call.switch.destroy(call.partner)
            call.partner = None
    if after.get("action") == "transfer" and str(after.get("data")) in call.config.callflows:
        call.note(f"after_bridge: transferred to {after['data']}")
        return Replace(call.config.callflows[str(after["data"])])
    if after.get("action") == "park":
        call.note("after_bridge: the caller is parked")
        call.start_audio(source="hold_music", text="parked")
        yield Wait(None)
    call.callee_hung_up(to)
    return HangUp("bridged")


def on_failure(call: Channel, outcome: LegOutcome, *, wildcard: bool = True) -> Next:
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
