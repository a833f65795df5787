"""KAZOO's events of legs, on the table: kept under each leg's Call-ID, ordered by time.

A leg that names another one leaves a link there, so that both are found from either.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, Final

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Hold
from pivot_app.ledger._accounts import ABSENT
from pivot_app.ledger._events import LegEvent
from pivot_app.ledger._items import Item, open_unmatched, plain, value
from pivot_app.ledger._table import ConditionFailedError, Table

KEPT_SECONDS: Final = 45 * 86400
"""How long the events of a leg are kept."""

MAX_NEWS: Final = 300
"""The number of latest events read for one Call-ID: a caller can use one Call-ID for every call."""

SAME_END_SECONDS: Final = 3
"""How far the times of one end may be apart, told by webhook and by CDR."""

HEARD_SECONDS: Final = 60
"""How often, at most, it is written down that ends of a KAZOO account's calls arrive."""

MAX_LEGS: Final = 40
"""The most Call-IDs of one call that are looked at."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something KAZOO told that could not be booked, for an operator to look at.

    Args:
        kind: `malformed` a webhook without what a bill rests on, `not_believed` one of another KAZOO account
            or without the signature it should have, `unknown_hold` a leg that names a missing hold,
            `unfinished` a settled call of which a leg was reported later whose end is missing,
            `impossible` a leg that tells more seconds than passed, `unpriced` a leg after a transfer whose
            number has no rate.
        call_id: The leg.
        reason: What is wrong, in a sentence.
        at: When it was found, in epoch seconds.
        hold_id: The hold it concerns, if one is known.
        seconds: The seconds the leg told; 0 if it told none.
        webhook: The webhook as it came, for `malformed` and `not_believed`.

    """

    kind: str
    call_id: str
    reason: str
    at: int
    hold_id: str = ""
    seconds: int = 0
    webhook: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Surroundings:
    """Everything known about a Call-ID and of the legs linked with it.

    Args:
        events: Their events.
        hold_ids: The holds that they name, or whose caller's leg is one of them.
        indexed: Those of them that are kept under their Call-ID.
        is_partial: There is more than was read.

    """

    events: list[LegEvent] = field(default_factory=list)
    hold_ids: dict[str, int] = field(default_factory=dict)
    indexed: set[str] = field(default_factory=set)
    is_partial: bool = False
    has_ends: bool = False


class LegStore:
    """The events of legs, of every KAZOO account."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._heard: dict[str, int] = {}

    def hear(self, kazoo_account_id: str, at: int) -> None:
        """Write down that an end of a KAZOO account's call arrived by webhook, once a minute at most."""
        if self._heard.get(kazoo_account_id, 0) + HEARD_SECONDS <= at:
            self._heard[kazoo_account_id] = at
            self._table.put(_heard_key(kazoo_account_id) | {"at": value(at)})

    def heard_at(self, kazoo_account_id: str) -> int:
        """Return when an end last arrived by webhook, to the minute, in epoch seconds; 0 if none ever did."""
        item = self._table.get(_heard_key(kazoo_account_id))
        return int(item["at"]["N"]) if item else 0

    def keep(self, kazoo_account_id: str, event: LegEvent) -> bool:
        """Store an event; a duplicate changes nothing. Return whether the event is new."""
        purge_at = event.received_at + KEPT_SECONDS
        item = {
            name: value(kept)
            for name in LegEvent.__slots__
            if (kept := getattr(event, name)) not in (None, "", (), False) or name in {"seconds", "duration"}
        }
        if event.other_leg:
            link = {"call_id": event.call_id, "link_at": event.clock, "is_end": event.kind == "destroy"}
            key = _key(kazoo_account_id, event.other_leg, event.clock, f"link#{event.call_id}#{event.kind}")
            self._table.put(key | {name: value(one) for name, one in (link | {"purge_at": purge_at}).items()})
        key = _key(kazoo_account_id, event.call_id, event.at, f"event#{event.kind}#{event.digest}")
        try:
            self._table.put(key | item | {"purge_at": value(purge_at)}, ABSENT)
        except ConditionFailedError:
            return False
        return True

    def has_end(self, kazoo_account_id: str, call_id: str, at: int) -> bool:
        """Return whether the end of a leg was reported: one within a few seconds of a time of the switch."""
        news = self._table.query(_partition(kazoo_account_id, call_id), "", newest=MAX_NEWS)
        return any(
            "kind" in item
            and item["kind"]["S"] == "destroy"
            and abs(int(item.get("at", {"N": "0"})["N"]) - at) <= SAME_END_SECONDS
            for item in news
        )

    def index(self, kazoo_account_id: str, hold: Hold) -> None:
        """Keep a hold under its Call-ID, so that legs that name no hold find it."""
        kept = {"hold_id": hold.hold_id, "purge_at": hold.authorized_at + KEPT_SECONDS}
        key = _key(kazoo_account_id, hold.call_id, hold.authorized_at, f"hold#{hold.hold_id}")
        self._table.put(key | {name: value(one) for name, one in kept.items()})

    def around(self, kazoo_account_id: str, call_id: str, at: int) -> Surroundings:
        """Return what is known about a Call-ID and of the legs linked with it, nearest in time first.

        Args:
            kazoo_account_id: The KAZOO account.
            call_id: The Call-ID to begin with.
            at: The instant of interest, in epoch seconds.

        """
        found = Surroundings()
        seen = {call_id}
        queue: list[tuple[int, int, str]] = [(0, 0, call_id)]
        looked_at = 0
        while queue:
            depth, _, current = heapq.heappop(queue)
            if looked_at >= MAX_LEGS:
                found.is_partial = True
                break
            looked_at += 1
            for other, when in self._read(kazoo_account_id, current, found):
                if other not in seen:
                    seen.add(other)
                    heapq.heappush(queue, (depth + 1, abs(when - at), other))
        return found

    def _read(self, kazoo_account_id: str, call_id: str, found: Surroundings) -> Iterator[tuple[str, int]]:
        items = list(self._table.query(_partition(kazoo_account_id, call_id), "", newest=MAX_NEWS))
        found.is_partial |= len(items) >= MAX_NEWS
        for item in items:
            if "hold_id" in item and "kind" not in item:
                hold_id = item["hold_id"]["S"]
                found.hold_ids[hold_id] = int(item["sk"]["S"].partition("#")[0])
                found.indexed.add(hold_id)
            elif "link_at" in item:
                found.has_ends |= bool(item["is_end"]["BOOL"])
                yield item["call_id"]["S"], int(item["link_at"]["N"])
            elif "kind" in item:
                event = _event(item)
                found.events.append(event)
                found.has_ends |= event.kind == "destroy"
                if event.hold_id:
                    found.hold_ids.setdefault(event.hold_id, event.received_at)
                if event.other_leg:
                    yield event.other_leg, event.clock

    # --- Problems --------------------------------------------------------------------------------

    def report(self, kazoo_account_id: str, problem: Problem) -> bool:
        """List something for the operator; the same again changes nothing. Return whether it is new."""
        kept = {name: getattr(problem, name) for name in Problem.__slots__ if getattr(problem, name)}
        item = {name: value(one) for name, one in kept.items()}
        item |= {
            "open": open_unmatched(kazoo_account_id),
            "purge_at": value(problem.at + KEPT_SECONDS),
        }
        try:
            hold_id = problem.hold_id if problem.kind == "unfinished" else ""
            key = self._problem_key(kazoo_account_id, problem.kind, problem.call_id, hold_id)
            self._table.put(key | item, ABSENT)
        except ConditionFailedError:
            return False
        return True

    def solve(self, kazoo_account_id: str, kind: str, call_id: str, hold_id: str = "") -> None:
        """Take something off the operator's list."""
        try:
            self._table.update(
                Key=self._problem_key(kazoo_account_id, kind, call_id, hold_id),
                UpdateExpression="REMOVE #open",
                ConditionExpression="attribute_exists(#open)",
                ExpressionAttributeNames={"#open": "open"},
            )
        except ConditionFailedError:
            return

    def problems(self, kazoo_account_id: str) -> list[Problem]:
        """Return what an operator should look at, oldest first."""
        keys = self._table.index("open", open_unmatched(kazoo_account_id)["S"])
        items = (self._table.get({"pk": key["pk"], "sk": key["sk"]}) for key in keys)
        found = [_problem(item) for item in items if item is not None and "reason" in item]
        return sorted(found, key=lambda problem: (problem.at, problem.call_id))

    @staticmethod
    def _problem_key(kazoo_account_id: str, kind: str, call_id: str, hold_id: str = "") -> Item:
        # A caller may use one Call-ID for many calls: where the call is meant, its hold is in the key.
        name = f"{kind}#{call_id}#{hold_id}" if hold_id else f"{kind}#{call_id}"
        return {"pk": value(f"{kazoo_account_id}#problems"), "sk": value(name)}


def _heard_key(kazoo_account_id: str) -> Item:
    return {"pk": value(f"{kazoo_account_id}#heard"), "sk": value("webhook")}


def _partition(kazoo_account_id: str, call_id: str) -> str:
    return f"{kazoo_account_id}#call:{call_id}"


def _key(kazoo_account_id: str, call_id: str, at: int, rest: str) -> Item:
    return {"pk": value(_partition(kazoo_account_id, call_id)), "sk": value(f"{at:010d}#{rest}")}


def _event(item: Item) -> LegEvent:
    stored = {name: plain(item[name]) for name in LegEvent.__slots__ if name in item}
    stored["numbers"] = tuple(stored.get("numbers", ()))
    return LegEvent(**stored)


def _problem(item: Item) -> Problem:
    return Problem(**{name: plain(item[name]) for name in Problem.__slots__ if name in item})
