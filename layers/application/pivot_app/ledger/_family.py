"""Which legs belong to which hold. Pure: events and holds come in, families come out.

A call is what was admitted, not a Call-ID: the caller's device chooses that, and may choose it again. A hold
gets its caller's leg by the hold's id, else by the Call-ID within the time of the hold. Every other leg gets
its hold, in this order, by

1. the hold's id among its own application variables,
2. the leg it was made for, or is connected with, or that names it, through as many legs as it takes: the
   nearest hold counts,
3. where that leg leads to several holds of one Call-ID: the number it was sent to, then the time.

A leg that ended before a hold was made is never its.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from itertools import count, pairwise
from typing import Final

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Hold
from pivot_app.ledger._events import LegEvent
from pivot_app.ledger._legs import ROUNDING_SECONDS, Leg, legs_of

CLOCK_SKEW_SECONDS: Final = 5
"""How far the clocks of two of our functions may be apart."""

MAX_SKEW_SECONDS: Final = 300
"""How much longer a leg may have lasted than passed since its hold was made, before it is not believed."""

MIN_DIGITS_IN_COMMON: Final = 6


@dataclass(slots=True, eq=False)
class Family:
    """The legs of one hold.

    Args:
        hold: The hold.
        caller: The caller's own leg, if it was reported.
        by_hold_id: That leg named this hold, so it is certainly this call's.
        legs: The other legs.
        offset: Our clock less the switch's, at most.
        next_authorized_at: When a later call was authorized in the same caller's leg; None if none was.
        others: Legs whose events name a leg of the family.

    """

    hold: Hold
    caller: Leg | None = None
    by_hold_id: bool = False
    legs: list[Leg] = field(default_factory=list)
    offset: int = 0
    next_authorized_at: int | None = None
    others: list[Leg] = field(default_factory=list)

    @property
    def events(self) -> Iterator[LegEvent]:
        """All events of its legs."""
        if self.caller:
            yield from self.caller.events
        for leg in self.legs:
            yield from leg.events

    @property
    def last_arrival(self) -> int:
        """When its last event arrived, in epoch seconds; 0 if none did."""
        return max((event.received_at for event in self.events), default=0)


def families(events: Iterable[LegEvent], holds: Sequence[Hold]) -> dict[str, Family]:
    """Return the family of each hold, by its id."""
    told = list(events)
    legs = legs_of(told)
    offset = min((event.received_at - event.at for event in told if event.at), default=0)
    found = {hold.hold_id: Family(hold, offset=offset) for hold in holds}
    roots = _match_callers(legs, holds, found, offset)
    _match_others(legs, roots, found)
    return found


def same_number(numbers: Iterable[str], destination: str) -> bool | None:
    """Return whether a leg was sent to a destination; None if it does not say where it was sent.

    Carriers may want a number with a prefix, or without its country code.
    """
    known = [number for number in numbers if number]
    if not known:
        return None
    return any(_same(number, destination) for number in known)


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    digits, wanted = (number.lstrip("+").lstrip("0") for number in (one, other))
    if min(len(digits), len(wanted)) < MIN_DIGITS_IN_COMMON:
        return digits == wanted and one.startswith("+") == other.startswith("+")
    return digits.endswith(wanted) or wanted.endswith(digits)


# --- The caller's leg of each hold ------------------------------------------------------------------

Roots = dict[int, list[Hold]]
"""The holds of a caller's leg, oldest first, by the leg's identity."""


def _match_callers(
    legs: dict[str, list[Leg]], holds: Sequence[Hold], found: dict[str, Family], offset: int
) -> Roots:
    roots: Roots = {}
    known = {hold.hold_id: hold for hold in holds}
    for hold in sorted(holds, key=lambda one: (one.authorized_at, one.hold_id)):
        family = found[hold.hold_id]
        lives = legs.get(hold.call_id, [])
        named = [life for life in lives if hold.hold_id in life.hold_ids]
        if named:
            family.caller, family.by_hold_id = named[-1], True
            family.offset = _own_offset(named[-1], offset)
        else:
            family.caller = _by_time([life for life in lives if _may_be_of(life, hold, known)], hold, offset)
        if family.caller is not None:
            roots.setdefault(id(family.caller), []).append(hold)
    for shared in roots.values():
        for hold, following in pairwise(shared):
            found[hold.hold_id].next_authorized_at = following.authorized_at
    return roots


def _own_offset(life: Leg, otherwise: int) -> int:
    """Our clock less that of the switch a life was on: another call may be on another one."""
    return min((event.received_at - event.at for event in life.events if event.at), default=otherwise)


def _may_be_of(life: Leg, hold: Hold, known: dict[str, Hold]) -> bool:
    """Whether a life whose events name other holds can be of this one too: of a later call in one channel.

    A channel's variable is what the latest call in it set.
    """
    end = life.end
    if end is None or not end.hold_id:
        return True
    named = known.get(end.hold_id)
    is_same_account = end.hold_id.partition(".")[0] == hold.hold_id.partition(".")[0]
    return named is not None and is_same_account and named.authorized_at >= hold.authorized_at


def _by_time(lives: Sequence[Leg], hold: Hold, offset: int) -> Leg | None:
    """Return the life during which a hold was made."""
    fitting = []
    for life in lives:
        end = life.end
        if end is not None and _ended_before(life, hold, offset):
            continue
        began = life.created + offset
        if began <= hold.authorized_at + CLOCK_SKEW_SECONDS:
            fitting.append(life)
    if fitting:
        return fitting[-1]
    # All of its events came late: take the first that had not ended.
    rest = [life for life in lives if life.end is None or not _ended_before(life, hold, offset)]
    return rest[0] if len(rest) == 1 and rest[0].end is not None else None


def _ended_before(leg: Leg, hold: Hold, offset: int) -> bool:
    """Whether a leg ended before a hold was made: it arrived before, or its time by our clock was before."""
    end = leg.end
    if end is None:
        return False
    if end.received_at < hold.authorized_at - CLOCK_SKEW_SECONDS:
        return True
    return bool(end.at) and end.at + offset < hold.authorized_at - ROUNDING_SECONDS


# --- All other legs -----------------------------------------------------------------------------------


def _match_others(legs: dict[str, list[Leg]], roots: Roots, found: dict[str, Family]) -> None:
    callers = {id(family.caller) for family in found.values() if family.caller}
    silent: dict[str, list[Hold]] = {}
    for family in found.values():
        if family.caller is None:
            silent.setdefault(family.hold.call_id, []).append(family.hold)
    order = count()
    queue: list[tuple[float, int, Leg, Hold | None]] = []
    every = [leg for lives in legs.values() for leg in lives]
    near = _neighbours(legs, every)
    settled: set[int] = set()
    offsets = {hold_id: family.offset for hold_id, family in found.items()}

    def reach(distance: float, leg: Leg, hold: Hold | None) -> None:
        if id(leg) in callers or id(leg) in settled:
            return
        if hold is None or not _ended_before(leg, hold, offsets[hold.hold_id]):
            heapq.heappush(queue, (distance, next(order), leg, hold))

    for leg in every:
        own = [found[hold_id].hold for hold_id in sorted(leg.hold_ids) if hold_id in found]
        if leg.hold_ids:
            # None: it names holds that are not looked at, so it and what it leads to are of another call.
            reach(0.0, leg, max(own, key=lambda hold: hold.authorized_at, default=None))
    for leg in every:
        if shared := roots.get(id(leg)):
            for distance, other, event in near.get(id(leg), ()):
                hold = _choose(shared, other, event, offsets[shared[0].hold_id])
                elsewhere = same_number(other.numbers, hold.destination) is False
                reach(distance + 0.05 * elsewhere, other, hold)
    for call_id, waiting in silent.items():
        for distance, other, event in near.get(call_id, ()):
            fitting = [hold for hold in waiting if not _ended_before(other, hold, offsets[hold.hold_id])]
            if fitting:
                reach(distance, other, _choose(fitting, other, event, offsets[fitting[0].hold_id]))
    while queue:
        distance, _, leg, reached = heapq.heappop(queue)
        if id(leg) in settled:
            continue
        settled.add(id(leg))
        if reached is not None:
            found[reached.hold_id].legs.append(leg)
        for step, other, _ in near.get(id(leg), ()):
            reach(distance + step, other, reached)
    for leg in every:
        for family in found.values():
            members = {member.call_id for member in family.legs}
            if any(event.other_leg in members for event in leg.events) and leg not in family.legs:
                family.others.append(leg)


def _choose(holds: Sequence[Hold], leg: Leg, event: LegEvent, offset: int) -> Hold:
    """Return which of the holds of one caller's leg another leg belongs to."""
    if len(holds) == 1:
        return holds[0]
    sent = [hold for hold in holds if same_number(leg.numbers, hold.destination)]
    if len(sent) == 1:
        return sent[0]
    candidates = sent or list(holds)
    for hold in candidates:
        if event.hold_id == hold.hold_id and event.call_id != leg.call_id:
            return hold
    began = leg.created + offset + ROUNDING_SECONDS
    before = [hold for hold in candidates if hold.authorized_at <= began]
    return before[-1] if before else candidates[0]


Near = tuple[float, Leg, LegEvent]


def _neighbours(legs: dict[str, list[Leg]], every: Sequence[Leg]) -> dict[object, list[Near]]:
    """Return the links of each leg, by its identity, or by Call-ID if it was never reported."""
    near: dict[object, list[Near]] = {}
    for leg in every:
        for event in leg.events:
            if not event.other_leg:
                continue
            is_origin = event.kind in {"create", "answer"}
            distance = 1.0 if is_origin else 1.2
            at = leg.created if is_origin else event.clock
            lives = legs.get(event.other_leg)
            if not lives:
                near.setdefault(event.other_leg, []).append((distance, leg, event))
                continue
            alive = [life for life in lives if life.lives_at(at, slack=0)]
            alive = alive or [life for life in lives if life.lives_at(at)]
            for life in alive or _before(lives, at):
                # Of several that live at once none is certain: what names the leg comes first.
                step = distance if len(alive) <= 1 else distance + 0.3
                near.setdefault(id(life), []).append((step, leg, event))
                near.setdefault(id(leg), []).append((1.5 if is_origin else 1.1, life, event))
            # If that life was over by then, a hold whose caller's leg was not reported yet comes first.
            near.setdefault(event.other_leg, []).append((distance if alive else 0.9, leg, event))
    for one, other in _halves(every):
        near.setdefault(id(one), []).append((0.1, other, other.events[0]))
        near.setdefault(id(other), []).append((0.1, one, one.events[0]))
    return near


def _halves(every: Sequence[Leg]) -> Iterator[tuple[Leg, Leg]]:
    """Yield the pairs of legs inside the switch that are made in one moment, for one number."""
    inside = [leg for leg in every if leg.is_internal]
    for one in inside:
        for other in inside:
            is_pair = one.direction == "outbound" and other.direction == "inbound"
            is_at_once = abs(one.created - other.created) <= ROUNDING_SECONDS
            if is_pair and is_at_once and set(one.numbers) & set(other.numbers):
                yield one, other


def _before(lives: Sequence[Leg], at: int) -> list[Leg]:
    """Return the last life of a Call-ID that had started at an instant."""
    return [life for life in lives if life.created <= at][-1:]
