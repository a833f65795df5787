"""Calls as they really went, and KAZOO's events of them: the truth that the books are compared with."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pivot_app.ledger import LegEvent

RING_S = (2, 20)
PROMPT_S = (1, 8)


@dataclass(slots=True)
class Truth:
    """One admitted call.

    Args:
        paid: The seconds of each leg that costs money and is of the call, by Call-ID.
        transfers: The same of legs made after a transfer.
        events: What KAZOO's switch raised, by its true time.
        ended_at: When the last leg ended.

    """

    call_id: str
    number: str
    began_at: float
    paid: dict[str, int] = field(default_factory=dict)
    transfers: dict[str, int] = field(default_factory=dict)
    events: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    ended_at: float = 0.0


@dataclass(slots=True)
class Switch:
    """A KAZOO: its version, and how far its clock is off."""

    version: str
    skew_s: int
    fresh: Callable[[], str]


class Script:
    """Writes one call: legs that begin, are answered, bridged and end."""

    def __init__(self, chance: random.Random, switch: Switch, truth: Truth, hold_id: str) -> None:
        self.chance, self.switch, self.truth, self.hold_id = chance, switch, truth, hold_id
        self.legs: dict[str, dict[str, Any]] = {}

    def tell(self, at: float, kind: str, call_id: str, other: str = "", **more: Any) -> None:
        leg = self.legs[call_id]
        carries = call_id == self.truth.call_id and leg["cav"] <= at
        carries |= self.switch.version == "5" and leg["direction"] == "outbound" and leg["carrier"]
        event = {
            "kind": kind,
            "call_id": call_id,
            "direction": leg["direction"],
            "other_leg": other,
            "hold_id": self.hold_id if carries else "",
            "numbers": (leg["number"],) if leg["number"] else (),
            **more,
        }
        self.truth.events.append((at, event))

    def create(
        self, at: float, call_id: str, direction: str, number: str, other: str = "", *, carrier: bool = True
    ) -> None:
        self.legs[call_id] = {
            "direction": direction,
            "number": number,
            "created": at,
            "answered": None,
            "cav": self.truth.began_at,
            "carrier": carrier,
        }
        self.tell(at, "create", call_id, other)

    def answer(self, at: float, call_id: str, other: str = "") -> None:
        self.legs[call_id]["answered"] = at
        self.tell(at, "answer", call_id, other)

    def destroy(self, at: float, call_id: str, other: str = "", cause: str = "NORMAL_CLEARING") -> int:
        leg = self.legs[call_id]
        answered = leg["answered"]
        seconds = 0 if answered is None else int(at) - int(answered)
        duration = int(at) - int(leg["created"])
        self.tell(at, "destroy", call_id, other, seconds=seconds, duration=duration, cause=cause)
        self.truth.ended_at = max(self.truth.ended_at, at)
        return seconds


def play(
    chance: random.Random, switch: Switch, call_id: str, number: str, at: float, talk_s: int, hold_id: str
) -> Truth:
    """Return one admitted call as it went, in one of the shapes calls have."""
    truth = Truth(call_id, number, at)
    script = Script(chance, switch, truth, hold_id)
    shape = chance.choices(
        ["answered", "unanswered", "given_up", "failover", "sent_away", "moved", "callee_away", "twice"],
        [50, 14, 6, 10, 7, 4, 4, 5],
    )[0]
    script.create(at - chance.uniform(0.2, 1.5), call_id, "inbound", number)
    script.answer(at + chance.uniform(0.1, 0.5), call_id)
    dialled = at + chance.uniform(*PROMPT_S)
    if shape == "given_up":
        script.destroy(dialled, call_id)
        return truth
    _SHAPES[shape](script, dialled, talk_s)
    return truth


def _dial(script: Script, at: float, number: str, other: str) -> tuple[str, float]:
    b_leg = script.switch.fresh()
    script.create(at, b_leg, "outbound", number, other)
    return b_leg, at + script.chance.uniform(*RING_S)


def _talk(script: Script, at: float) -> tuple[str, float]:
    a_leg = script.truth.call_id
    b_leg, answered = _dial(script, at, script.truth.number, a_leg)
    script.answer(answered, b_leg, a_leg)
    script.tell(answered + 0.2, "bridge", a_leg, b_leg)
    return b_leg, answered


def _answered(script: Script, at: float, talk_s: int) -> None:
    b_leg, answered = _talk(script, at)
    _hang_up(script, b_leg, answered + talk_s)


def _hang_up(script: Script, b_leg: str, ended: float) -> None:
    script.truth.paid[b_leg] = script.destroy(ended, b_leg, script.truth.call_id)
    script.destroy(ended + 0.1, script.truth.call_id, b_leg)


def _unanswered(script: Script, at: float, talk_s: int) -> None:
    a_leg = script.truth.call_id
    b_leg, rang = _dial(script, at, script.truth.number, a_leg)
    cause = script.chance.choice(["NO_ANSWER", "USER_BUSY", "UNALLOCATED_NUMBER"])
    script.destroy(rang, b_leg, a_leg, cause)
    script.destroy(rang + script.chance.uniform(0, 5) + talk_s * 0, a_leg)


def _failover(script: Script, at: float, talk_s: int) -> None:
    for _ in range(script.chance.randint(1, 2)):
        failed, at = _dial(script, at, script.truth.number, script.truth.call_id)
        script.destroy(at, failed, script.truth.call_id, "CALL_REJECTED")
    _answered(script, at, talk_s)


def _twice(script: Script, at: float, talk_s: int) -> None:
    """A carrier answers falsely, and another one takes over."""
    b_leg, answered = _talk(script, at)
    false_end = answered + min(talk_s, 20)
    script.truth.paid[b_leg] = script.destroy(false_end, b_leg, script.truth.call_id)
    _answered(script, false_end + 0.5, talk_s)


def _sent_away(script: Script, at: float, talk_s: int) -> None:
    """The caller transfers the callee to another number; both talk on."""
    a_leg = script.truth.call_id
    b_leg, answered = _talk(script, at)
    away = answered + script.chance.uniform(2, 20)
    script.destroy(away, a_leg, b_leg)
    c_leg, reached = _dial(script, away, "+33142685301", b_leg)
    script.answer(reached, c_leg, b_leg)
    script.tell(reached + 0.2, "bridge", b_leg, c_leg)
    ended = reached + talk_s
    script.truth.transfers[c_leg] = script.destroy(ended, c_leg, b_leg)
    script.truth.paid[b_leg] = script.destroy(ended + 0.1, b_leg, c_leg)


def _moved(script: Script, at: float, talk_s: int) -> None:
    """The caller moves the call to another phone."""
    a_leg = script.truth.call_id
    b_leg, answered = _talk(script, at)
    moved = answered + script.chance.uniform(2, 20)
    other = script.switch.fresh()
    script.create(moved - 0.5, other, "inbound", script.truth.number, carrier=False)
    script.answer(moved, other)
    script.tell(moved + 0.1, "bridge", other, b_leg)
    script.destroy(moved + 0.2, a_leg, b_leg, "PICKED_OFF")
    ended = moved + talk_s
    script.truth.paid[b_leg] = script.destroy(ended, b_leg, other)
    script.destroy(ended + 0.1, other, b_leg)


def _callee_away(script: Script, at: float, talk_s: int) -> None:
    """The callee sends the caller to an extension."""
    a_leg = script.truth.call_id
    b_leg, answered = _talk(script, at)
    away = answered + min(talk_s, 30)
    script.truth.paid[b_leg] = script.destroy(away, b_leg, a_leg, "BLIND_TRANSFER")
    c_leg = script.switch.fresh()
    script.create(away, c_leg, "outbound", "1018", a_leg, carrier=False)
    script.answer(away + 3, c_leg, a_leg)
    script.tell(away + 3.2, "bridge", a_leg, c_leg)
    script.destroy(away + talk_s, c_leg, a_leg)
    script.destroy(away + talk_s + 0.1, a_leg, c_leg)


_SHAPES: dict[str, Callable[[Script, float, int], None]] = {
    "answered": _answered,
    "unanswered": _unanswered,
    "failover": _failover,
    "sent_away": _sent_away,
    "moved": _moved,
    "callee_away": _callee_away,
    "twice": _twice,
}


def event_of(told: dict[str, Any], raised_at: float, arrived_at: float, skew_s: int) -> LegEvent:
    """Return an event as it arrives: its time is that of the switch's clock."""
    return LegEvent(**told, at=int(raised_at) + skew_s, received_at=int(arrived_at))
