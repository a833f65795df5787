"""Rings endpoints: the legs KAZOO makes for them, carriers in turn or at once, forwards and loopbacks."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from kazoo_simulator._events import RingingEnded, RingingStarted
from kazoo_simulator._kazoo import CAUSES, Callee, LegOutcome
from kazoo_simulator._legs import BOWOUT_MS, Leg
from kazoo_simulator._steps import Wait, Wake

if TYPE_CHECKING:
    from kazoo_simulator._channel import Channel

_DEFAULT_TALK_S = 30.0
_LOSER_MS = 1_000
"""How long a leg lives that was answered in the same instant as the one that won."""


def callee_of(call: Channel, target: str) -> Callee:
    """Return how a target behaves, looked up with and without its type."""
    callees = call.config.callees
    return callees.get(target) or callees.get(target.partition(":")[2]) or Callee()


@dataclass(slots=True)
class _Ringing:
    """The legs towards one target: `near` is joined with the caller, `far` belongs to who answers."""

    target: str
    callee: Callee
    near: Leg
    far: Leg
    others: list[Leg] = field(default_factory=list)

    @property
    def legs(self) -> list[Leg]:
        return list(dict.fromkeys((self.near, self.far, *self.others)))


def ring_once(
    call: Channel, targets: list[str], timeout_ms: int
) -> Generator[Wait, Wake, tuple[LegOutcome, Leg | None]]:
    """Ring targets together, once; return the outcome and the leg to join the caller with."""
    call.emit(RingingStarted(at_ms=call.now_ms, targets=tuple(targets), timeout_ms=timeout_ms))
    behaviours = [callee_of(call, target) for target in targets]
    news = yield from _failing_carriers(call, targets, behaviours)
    began = call.now_ms
    ringing = [_begin(call, target, callee) for target, callee in zip(targets, behaviours, strict=True)]
    outcome, after_ms = _foreseen(behaviours, timeout_ms)
    call.talk_s = next((b.talk_s for b in behaviours if b.outcome == "answers"), _DEFAULT_TALK_S)
    if not news:
        wake = yield Wait(began + after_ms, legs=True)
        news = wake.value if wake.why == "leg" else ""
    if news:
        word, _, talk_s = news.partition(":")
        outcome = "rejects" if word == "hangs_up" else cast("LegOutcome", word)
        call.talk_s = float(talk_s) if talk_s else _DEFAULT_TALK_S
    return outcome, _settle(call, ringing, outcome)


def _failing_carriers(
    call: Channel, targets: list[str], behaviours: list[Callee]
) -> Generator[Wait, Wake, str]:
    """Let carriers fail one after the other; an action of a person ends that at once and is returned."""
    if len(targets) != 1 or call.leg is None:
        return ""
    for failure in behaviours[0].failing_carriers:
        leg = _carrier_leg(call, call.leg, targets[0])
        wake = yield Wait(call.now_ms + round(failure.after_s * 1000), legs=True)
        call.switch.destroy(leg, failure.cause)
        if wake.why == "leg":
            return wake.value
    return ""


def _begin(call: Channel, target: str, callee: Callee) -> _Ringing:
    """Make the legs of one target."""
    switch, own = call.switch, call.leg
    kind, _, name = target.partition(":")
    if own is None:
        msg = "the call has not arrived"
        raise ValueError(msg)
    if callee.forwards_to is not None:
        near = switch.make(own, callee.forwards_to, half="a", forwarded=True)
        inner = switch.make(near, callee.forwards_to, half="b", forwarded=True)
        far = switch.make(inner, callee.forwards_to, carrier=True)
        ringing = _Ringing(target, callee, near, far, [inner])
    elif kind == "number" and callee.other_account:
        near = switch.make(own, name, carrier=True, half="a", variables=call.variables_of_carrier_legs())
        ringing = _Ringing(target, callee, near, near)
    elif kind == "number":
        others = [_carrier_leg(call, own, target) for _ in range(callee.racing_carriers)]
        leg = _carrier_leg(call, own, target)
        ringing = _Ringing(target, callee, leg, leg, others)
    else:
        leg = switch.make(own, name)
        ringing = _Ringing(target, callee, leg, leg)
    for leg in ringing.legs:
        switch.progress(leg)
    if callee.mobile is not None:
        switch.after(round(callee.mobile_after_s * 1000), lambda: _ring_mobile(call, ringing))
    return ringing


def _carrier_leg(call: Channel, made_for: Leg, target: str) -> Leg:
    number = target.partition(":")[2]
    leg = call.switch.make(made_for, number, carrier=True, variables=call.variables_of_carrier_legs())
    call.switch.progress(leg)
    return leg


def _ring_mobile(call: Channel, ringing: _Ringing) -> None:
    """Ring the mobile of somebody whose desk phone still rings; it answers in its place."""
    if ringing.near.ended_ms is None and ringing.near.answered_ms is None and call.leg is not None:
        ringing.others.append(ringing.near)
        ringing.near = ringing.far = _carrier_leg(call, call.leg, f"number:{ringing.callee.mobile}")


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


def _settle(call: Channel, ringing: list[_Ringing], outcome: LegOutcome) -> Leg | None:
    """Answer the winner and end the others."""
    switch = call.switch
    if outcome != "answers":
        cause, code = CAUSES[outcome]
        call.emit(RingingEnded(at_ms=call.now_ms, outcome="failed", cause=cause, sip_code=code))
        for one in ringing:
            for leg in one.legs:
                switch.destroy(leg, one.callee.cause or cause)
        return None
    answering = [one for one in ringing if one.callee.outcome == "answers"]
    winner = min(answering, key=lambda one: one.callee.after_s) if answering else ringing[0]
    call.emit(
        RingingEnded(at_ms=call.now_ms, outcome="answered", cause="SUCCESS", sip_code=200, by=winner.target)
    )
    _answer(call, winner)
    for one in ringing:
        for leg in one.legs:
            if leg.answered_ms is None:
                _lose(call, leg, answers=one.callee.losers_answer)
    return winner.near


def _lose(call: Channel, leg: Leg, *, answers: bool) -> None:
    """End a leg that another one was quicker than; it may have been answered in the same instant."""
    if answers:
        call.switch.answer(leg)
        call.switch.after(_LOSER_MS, lambda: call.switch.destroy(leg, "LOSE_RACE"))
    else:
        call.switch.destroy(leg, "LOSE_RACE")


def _answer(call: Channel, one: _Ringing) -> None:
    switch = call.switch
    switch.answer(one.far)
    if one.far is not one.near:
        (inner,) = one.others
        switch.answer(inner)
        switch.bridge(inner, one.far)
    switch.answer(one.near)


def leave_loopback(call: Channel, near: Leg) -> None:
    """Let the halves of a loopback leave the call two seconds after it was answered, if they do."""
    switch, own = call.switch, call.leg
    if not near.internal or own is None:
        return
    inner = next((leg for leg in switch.legs if leg.made_for is near), None)
    far = None if inner is None else next((leg for leg in switch.legs if leg.made_for is inner), None)
    callees = call.config.callees.values()
    forwards = any(one.forwards_to == near.request and not one.confirms for one in callees)
    bows_out = callee_of(call, f"number:{near.request}").bows_out if far is None else forwards
    if not bows_out:
        return

    def join() -> None:
        if own.ended_ms is not None or near.ended_ms is not None:
            return
        # The leg behind a loopback to another account is told to that account only.
        other = far or switch.make(own, near.request, told=False)
        switch.bridge(own, other)
        other.made_for = own
        cause = "BOWOUT" if switch.config.version == "5" else "NORMAL_UNSPECIFIED"
        for half in (near, inner):
            if half is not None:
                switch.destroy(half, cause)
        call.partner = other

    switch.after(BOWOUT_MS, join)
