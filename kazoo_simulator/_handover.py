"""Applies transfers, pickups, parks and moves to the legs of a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ._acts import Act, CalleeTransfer, ConferenceDials, Intercept, Park, Pickup, SwitchDies, Transfer
from ._events import Bridged, RingingEnded, RingingStarted
from ._kazoo import normalize_number
from ._legs import Leg
from ._steps import HangUp, Replace, Steps, Wait

if TYPE_CHECKING:
    from ._channel import Channel
    from ._interpreter import Interpreter

CLICK_TO_CALL_MS = 5_000
"""How long the phone of a click-to-call rings before it is answered."""
_ANSWER_MS = 500
"""A pickup is answered at once; a person needs that long to press the keys."""


def perform(call: Interpreter, act: Act) -> None:
    """Let it happen now; what follows from it is scheduled."""
    _PERFORM[type(act)](call, act)


def waits_for(call: Interpreter, act: Act) -> bool:
    """Say whether the act makes sense now: in a conversation, while phones ring, or at any time."""
    if isinstance(act, Pickup):
        return call.rings and call.channel.bridged_to is None
    if isinstance(act, ConferenceDials):
        return (call.channel.bridged_to or "").startswith("conference:")
    return isinstance(act, SwitchDies) or call.channel.partner is not None


def _transfer(call: Interpreter, act: Transfer) -> None:
    if act.attended:
        _attended_by_caller(call, act)
        return
    channel, switch = call.channel, call.switch
    callee = _partner(channel)
    channel.handed_over(f"the caller transfers {callee.request} to {act.to}")

    def go_on() -> None:
        switch.transfer(callee)
        third = _leg_to(channel, callee, act.to)
        switch.after(_ms(act.rings_s), lambda: _joined(call, callee, third, act.answered, act.talk_s))

    switch.after(0, go_on)
    channel.end("NORMAL_CLEARING", "caller", f"transferred the callee to {act.to}", keeps_partner=True)


def _joined(call: Interpreter, first: Leg, second: Leg, answered: bool, talk_s: float) -> None:
    """Let a transfer's target answer and talk, or not."""
    switch = call.switch
    if answered:
        switch.answer(second)
        switch.bridge(first, second)
        switch.after(_ms(talk_s), lambda: _end_all(call, second, first))
    else:
        switch.destroy(second, "NO_ANSWER")
        switch.destroy(first)


def _attended_by_caller(call: Interpreter, act: Transfer) -> None:
    channel, switch = call.channel, call.switch
    callee = _partner(channel)
    channel.handed_over(f"the caller holds {callee.request} and calls {act.to}")
    second = call.consult(act.to)

    def join() -> None:
        third = second.channel.partner
        if third is None or third.ended_ms is not None or channel.ended is not None:
            return
        channel.handed_over(f"the caller joins {callee.request} and {act.to}")
        # KAZOO 4.3 tells no bridge here: neither leg has an event process of its own.
        switch.bridge(callee, third, told=switch.config.version == "5")
        switch.after(_ms(act.talk_s), lambda: _end_all(call, third, callee))
        _end(second.channel, f"joined with {callee.request}", "ATTENDED_TRANSFER")
        channel.end(
            "NORMAL_CLEARING", "caller", f"transferred the callee to {act.to}",
            leg_cause="ATTENDED_TRANSFER", keeps_partner=True,
        )  # fmt: skip

    second.channel.on_bridged = lambda: switch.after(_ms(act.consult_s), join)


def _callee_transfer(call: Interpreter, act: CalleeTransfer) -> None:
    if act.attended:
        _attended_by_callee(call, act)
        return
    channel, switch = call.channel, call.switch
    callee = _partner(channel)
    channel.handed_over(f"{callee.request} transfers the caller to {act.to}")
    channel.partner, channel.bridged_to = None, None
    switch.destroy(callee)
    switch.destroy_made_for(_own(channel))
    switch.transfer(_own(channel))
    call.running.run_instead(_reach(channel, act))


def _reach(channel: Channel, act: CalleeTransfer) -> Steps:
    """Ring the target of a transfer for the caller."""
    if act.to in channel.config.callflows:
        return Replace(channel.config.callflows[act.to])
    target = f"number:{act.to}" if _is_number(act.to) else f"user:{act.to}"
    leg = _leg_to(channel, _own(channel), act.to)
    channel.emit(RingingStarted(at_ms=channel.now_ms, targets=(target,), timeout_ms=max(1, _ms(act.rings_s))))
    yield Wait(channel.now_ms + _ms(act.rings_s))
    if not act.answered:
        channel.emit(RingingEnded(at_ms=channel.now_ms, outcome="failed", cause="NO_ANSWER", sip_code=480))
        channel.switch.destroy(leg, "NO_ANSWER")
        return HangUp("nobody answers the transfer")
    channel.emit(
        RingingEnded(at_ms=channel.now_ms, outcome="answered", cause="SUCCESS", sip_code=200, by=target)
    )
    channel.switch.answer(leg)
    channel.switch.bridge(_own(channel), leg)
    return (yield from _talk_on(channel, leg, target, act.talk_s))


def _attended_by_callee(call: Interpreter, act: CalleeTransfer) -> None:
    channel, switch = call.channel, call.switch
    callee = _partner(channel)
    channel.handed_over(f"{callee.request} holds the caller and calls {act.to}")
    asking = switch.arrive(_person(channel, callee.request), act.to)
    third = _leg_to(channel, asking, act.to)

    def answer() -> None:
        if not act.answered:
            _end_all(call, third, asking)
            return
        switch.answer(third)
        switch.answer(asking)
        switch.bridge(asking, third)
        switch.after(_ms(act.consult_s), join)

    def join() -> None:
        if channel.ended is not None:
            _end_all(call, third, asking)
            return
        channel.handed_over(f"{callee.request} joins the caller and {act.to}")
        switch.bridge(_own(channel), third)
        switch.destroy(callee, "ATTENDED_TRANSFER")
        switch.destroy(asking, "ATTENDED_TRANSFER")
        call.running.run_instead(_talk_on(channel, third, act.to, act.talk_s))

    switch.after(_ms(act.rings_s), answer)


def _pickup(call: Interpreter, act: Pickup) -> None:
    channel, switch = call.channel, call.switch
    channel.handed_over(f"{act.by} picks the ringing call up")
    other = switch.arrive(_person(channel, act.by), f"*8{channel.dialled}")

    def joined() -> None:
        if channel.ended is not None:
            switch.destroy(other)
            return
        switch.answer(other)
        switch.destroy_made_for(_own(channel))
        channel.emit(
            RingingEnded(at_ms=channel.now_ms, outcome="answered", cause="SUCCESS", sip_code=200, by=act.by)
        )
        channel.answer()
        switch.bridge(other, _own(channel))
        call.running.run_instead(_talk_on(channel, other, act.by, act.talk_s))

    switch.after(_ANSWER_MS, joined)


def _intercept(call: Interpreter, act: Intercept) -> None:
    channel, switch = call.channel, call.switch
    callee = _partner(channel)
    what = {
        "intercept": "intercepts the call",
        "move": "takes the call over",
        "replaces": "replaces the caller",
    }
    channel.handed_over(f"{act.by} {what[act.how]}")
    other = switch.arrive(
        _person(channel, act.by),
        callee.request,
        partner=_own(channel).call_id if act.how == "replaces" else None,
    )

    def joined() -> None:
        if channel.ended is not None:
            switch.destroy(other)
            return
        switch.answer(other)
        switch.bridge(other, callee)
        switch.after(_ms(act.talk_s), lambda: _end_all(call, callee, other))
        channel.end(
            "PICKED_OFF", "kazoo", f"{act.by} took the call over", leg_cause="PICKED_OFF", keeps_partner=True
        )

    switch.after(_ANSWER_MS, joined)


def _park(call: Interpreter, act: Park) -> None:
    channel, switch = call.channel, call.switch
    callee = _partner(channel)
    if act.by_callee:
        channel.handed_over(f"{callee.request} parks the caller in {act.slot}")
        channel.partner, channel.bridged_to = None, None
        switch.destroy(callee)
        switch.destroy_made_for(_own(channel))
        switch.transfer(_own(channel))
        call.running.run_instead(_parked(channel, act))
        return
    channel.handed_over(f"the caller parks {callee.request} in {act.slot}")

    def retrieve() -> None:
        other = switch.arrive(_person(channel, act.by), f"*3{act.slot}")
        switch.answer(other)
        switch.bridge(other, callee)
        switch.after(_ms(act.talk_s), lambda: _end_all(call, other, callee))

    def parked() -> None:
        switch.transfer(callee)
        switch.after(_ms(act.after_s), retrieve)

    switch.after(0, parked)
    channel.end("NORMAL_CLEARING", "caller", f"parked the callee in {act.slot}", keeps_partner=True)


def _parked(channel: Channel, act: Park) -> Steps:
    channel.start_audio(source="hold_music", text=f"parked in {act.slot}", duration_ms=None)
    yield Wait(channel.now_ms + _ms(act.after_s))
    channel.stop_audio("cut")
    switch = channel.switch
    other = switch.arrive(_person(channel, act.by), f"*3{act.slot}")
    switch.answer(other)
    switch.bridge(other, _own(channel))
    return (yield from _talk_on(channel, other, act.by, act.talk_s))


def _conference_dials(call: Interpreter, act: ConferenceDials) -> None:
    channel, switch = call.channel, call.switch
    channel.handed_over(f"the conference dials {act.to}")
    member = switch.originate(channel.caller, normalize_number(act.to), carrier=_is_number(act.to))
    switch.progress(member)

    def answered() -> None:
        switch.answer(member)
        switch.after(_ms(act.talk_s), lambda: switch.destroy(member))

    switch.after(_ms(act.rings_s), answered)


def _switch_dies(call: Interpreter, _act: SwitchDies) -> None:
    call.switch.die()
    for running in call.others:
        _end(running.channel, "the media server died", "CHANNEL_DISCONNECTED")
    call.channel.end("CHANNEL_DISCONNECTED", "kazoo", "the media server died; no end of a leg is reported")


_PERFORM: dict[type[Act], Callable[[Interpreter, Any], None]] = {
    Transfer: _transfer,
    CalleeTransfer: _callee_transfer,
    Pickup: _pickup,
    Intercept: _intercept,
    Park: _park,
    ConferenceDials: _conference_dials,
    SwitchDies: _switch_dies,
}


def _talk_on(channel: Channel, leg: Leg, to: str, talk_s: float) -> Steps:
    """Let the caller talk to a leg he is joined with, until one side hangs up."""
    from ._modules.bridging import conversation

    channel.partner, channel.bridged_to, channel.talk_s = leg, to, talk_s
    channel.emit(Bridged(at_ms=channel.now_ms, to=to))
    return (yield from conversation(channel, to))


def _end(channel: Channel, reason: str, cause: str) -> None:
    """End another channel of the call without leaving what is being done."""
    from ._channel import CallOver

    try:
        channel.end("NORMAL_CLEARING", "kazoo", reason, leg_cause=cause, keeps_partner=True)
    except CallOver:
        return


def _end_all(call: Interpreter, *legs: Leg) -> None:
    for leg in legs:
        call.switch.destroy(leg)


def _leg_to(channel: Channel, made_for: Leg, to: str) -> Leg:
    """Make a leg to a number over a carrier, or to a phone of the account."""
    carrier = _is_number(to)
    variables = made_for.variables if carrier and channel.config.version == "5" else {}
    leg = channel.switch.make(made_for, normalize_number(to), carrier=carrier, variables=dict(variables))
    channel.switch.progress(leg)
    return leg


def _is_number(to: str) -> bool:
    return normalize_number(to).startswith("+")


def _person(channel: Channel, number: str) -> Any:
    """Return another phone of the account as a caller."""
    return replace(channel.caller, number=number, sip_user=None, name="", variables={}, device_id=None)


def _partner(channel: Channel) -> Leg:
    if channel.partner is None:
        msg = "the caller talks to no one"
        raise ValueError(msg)
    return channel.partner


def _own(channel: Channel) -> Leg:
    if channel.leg is None:
        msg = "the call has not arrived"
        raise ValueError(msg)
    return channel.leg


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
