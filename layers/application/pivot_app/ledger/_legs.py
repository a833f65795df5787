"""All events of one channel make one leg: from its creation to its end, as far as it was reported.

The caller's device chooses its Call-ID and may choose it again, so one Call-ID may have several lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Final

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._events import LegEvent

ROUNDING_SECONDS: Final = 2
"""KAZOO rounds each of its times to whole seconds, some up, some down."""

MAX_EXTENSION_DIGITS: Final = 6
_ORDER: Final = {"create": 0, "answer": 1, "bridge": 2, "destroy": 3}


@dataclass(slots=True, eq=False)
class Leg:
    """One life of a Call-ID: from its creation to its end, as far as it was reported."""

    call_id: str
    direction: str = "inbound"
    is_internal: bool = False
    events: list[LegEvent] = field(default_factory=list)

    @property
    def created(self) -> int:
        """When it began, by the switch's clock."""
        if made := [event.clock for event in self.events if event.kind == "create"]:
            return min(made)
        if (end := self.end) is not None:
            return end.clock - (end.duration if end.duration is not None else end.seconds or 0)
        return min(event.clock for event in self.events)

    @property
    def answered(self) -> int | None:
        """When it was answered, by the switch's clock, if it was reported."""
        return min((event.clock for event in self.events if event.kind == "answer"), default=None)

    @property
    def end(self) -> LegEvent | None:
        """Its end; of several that contradict each other, the longest."""
        ends = [event for event in self.events if event.kind == "destroy"]
        return max(ends, key=lambda event: (event.seconds or 0, event.clock), default=None)

    @property
    def origin(self) -> str:
        """The leg it was made for: what its first events name."""
        early = (event for event in self.events if event.kind in {"create", "answer"} and event.other_leg)
        first = min(early, key=lambda event: (event.clock, _ORDER[event.kind]), default=None)
        return first.other_leg if first else ""

    @property
    def last_partner(self) -> str:
        """The leg it was connected with at its end."""
        return self.end.other_leg if self.end else ""

    @property
    def partners(self) -> list[LegEvent]:
        """The bridges it made."""
        return [event for event in self.events if event.kind == "bridge" and event.other_leg]

    @property
    def hold_ids(self) -> set[str]:
        """The holds its application variables named."""
        return {event.hold_id for event in self.events if event.hold_id}

    @property
    def names_itself(self) -> bool:
        """The switch originated it, and it was never connected with another."""
        return any(event.names_itself for event in self.events)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers it was sent to."""
        return tuple(dict.fromkeys(number for event in self.events for number in event.numbers))

    @property
    def e164(self) -> str:
        """The number it was sent to that can be rated; "" for an extension and one that cannot be read."""
        for number in self.numbers:
            if number.startswith("+") and number[1:].isdigit() and MAX_EXTENSION_DIGITS < len(number) <= 16:
                return number
        for number in self.numbers:
            if number.startswith("00") and number.isdigit() and 9 < len(number) <= 17:
                return f"+{number[2:]}"
        return ""

    def lives_at(self, at: int, slack: int = ROUNDING_SECONDS) -> bool:
        """Return whether an instant of the switch's clock is within its life."""
        end = self.end
        return self.created - slack <= at and (end is None or at <= end.clock + slack)


def legs_of(events: Iterable[LegEvent]) -> dict[str, list[Leg]]:
    """Return the legs of events, by Call-ID, oldest first; an event that came twice counts once."""
    by_call_id: dict[str, dict[str, LegEvent]] = {}
    for event in events:
        kept = by_call_id.setdefault(event.call_id, {})
        before = kept.get(event.digest)
        if before is None or event.received_at < before.received_at:
            kept[event.digest] = event
    return {call_id: _lives(call_id, list(told.values())) for call_id, told in by_call_id.items()}


def _lives(call_id: str, told: list[LegEvent]) -> list[Leg]:
    """Return the lives of one Call-ID, oldest first."""
    is_internal = any(event.is_internal for event in told)
    directions = {event.direction for event in told}
    direction = "outbound" if "outbound" in directions else "inbound"
    if directions == {"outbound"} or is_internal:
        # KAZOO or its switch made this id, and never makes it twice.
        return [Leg(call_id, direction, is_internal, sorted(told, key=lambda event: event.clock))]
    lives: list[Leg] = []
    for end in sorted((event for event in told if event.kind == "destroy"), key=lambda event: event.clock):
        if (same := next((life for life in lives if _is_same_life(life, end)), None)) is not None:
            same.events.append(end)  # Two ends of one life: they contradict each other.
            continue
        lives.append(Leg(call_id, direction, is_internal, [end]))
    rest = sorted((event for event in told if event.kind != "destroy"), key=_in_order)
    for event in sorted(rest, key=lambda event: event.kind != "create"):
        life = _life_of(event, lives)
        if life is None:
            life = Leg(call_id, direction, is_internal)
            lives.append(life)
        life.events.append(event)
    for life in lives:
        life.events.sort(key=_in_order)
        # A phone that was called knows the id of that leg, and may call with it: that is another life.
        life.direction = "outbound" if any(one.direction == "outbound" for one in life.events) else "inbound"
    return sorted(lives, key=lambda life: life.created)


def _life_of(event: LegEvent, lives: Sequence[Leg]) -> Leg | None:
    """Return the life of an event: an end gives the start of its leg, and events in between belong to it."""
    fitting = []
    for life in lives:
        end = life.end
        began = _began(end) if end is not None else life.created
        if event.kind == "create":
            # A creation is at the beginning, and only one is.
            if abs(event.clock - began) <= ROUNDING_SECONDS and not any(
                one.kind == "create" for one in life.events
            ):
                fitting.append(((True, True, -abs(event.clock - began)), life))
            continue
        if event.clock < began - ROUNDING_SECONDS:
            continue
        if end is not None:
            if event.clock > end.clock + ROUNDING_SECONDS:
                continue
            is_at_end = event.clock >= end.clock - ROUNDING_SECONDS
            if is_at_end and event.hold_id and event.hold_id != end.hold_id:
                continue  # The end tells the latest hold, so this is of the next life.
        is_same_hold = end is not None and event.hold_id != "" and event.hold_id == end.hold_id
        fitting.append(((is_same_hold, began <= event.clock, began), life))
    return max(fitting, key=lambda one: one[0])[1] if fitting else None


def _is_same_life(life: Leg, end: LegEvent) -> bool:
    """Return whether an end is another one of a life: it began with it, and names no other hold."""
    other = life.end
    if other is None or abs(_began(other) - _began(end)) > ROUNDING_SECONDS:
        return False
    return not end.hold_id or not other.hold_id or end.hold_id == other.hold_id


def _began(end: LegEvent) -> int:
    return end.clock - (end.duration if end.duration is not None else end.seconds or 0)


def _in_order(event: LegEvent) -> tuple[int, int]:
    return event.clock, _ORDER[event.kind]
