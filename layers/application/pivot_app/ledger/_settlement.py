"""From the ends of legs to settled calls, whatever comes first, twice, late or never.

Each leg's end is stored under its call before anything is decided, so the decision is always made on all
that is known, by whoever has a new reason to make it: the webhook of a leg, the end of the wait for another
one, the sweeper. Every step can be done again: stopping anywhere and starting over ends in the same books.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

from pivot_app.ledger._account import Account, Hold
from pivot_app.ledger._accounts import ABSENT
from pivot_app.ledger._dynamodb import Closed, DynamoDBLedger
from pivot_app.ledger._items import (
    Item,
    account_key,
    hold_from_map,
    open_unmatched,
    partition,
    plain,
    value,
)
from pivot_app.ledger._legs import Leg, bill
from pivot_app.ledger._table import NotMetError

KEPT_SECONDS = 30 * 86400
"""How long the ends of legs are kept."""

WAIT_SECONDS = 120
"""How long the end of the other leg is waited for."""

Outcome = Literal["settled", "released", "overrun", "already", "waiting", "unmatched", "not_prepaid"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a leg's end, and the entry, if there is one."""

    outcome: Outcome
    closed: Closed | None = None


class Settlement:
    """Settles calls of one ledger."""

    def __init__(self, ledger: DynamoDBLedger) -> None:
        self._ledger = ledger
        self._table = ledger.table

    def leg_ended(self, kazoo_account_id: str, leg: Leg, now: datetime, *, waited: bool = False) -> Settled:
        """Take a leg's end: settle its call, or say what it waits for."""
        received = int(now.timestamp())
        leg = replace(leg, ended_at=min(leg.ended_at or received, received))
        a_leg = leg.a_leg_call_id
        self._store(kazoo_account_id, a_leg, leg, now)
        legs = self.legs(kazoo_account_id, a_leg)
        hold_id = leg.hold_id or next((one.hold_id for one in legs if one.hold_id), "")
        if not hold_id:
            # Any call of the KAZOO account gets here. If money was held for this one after all, the sweeper
            # finds its hold by the Call-ID.
            return Settled("not_prepaid")
        account_id = hold_id.partition(".")[0]
        account = self._ledger.account(kazoo_account_id, account_id)
        hold = self._hold(account, hold_id) if account else None
        if account is None or hold is None:
            self._mark_unmatched(kazoo_account_id, a_leg, leg)
            return Settled("unmatched")
        if hold.call_id != a_leg:
            # The CAV went to another leg, or the call's id changed in a transfer: file it with its call.
            self._store(kazoo_account_id, hold.call_id, leg, now)
            legs = self.legs(kazoo_account_id, hold.call_id)
        return self.settle(account, hold, legs, now, waited=waited)

    def settle(
        self, account: Account, hold: Hold, legs: tuple[Leg, ...], now: datetime, *, waited: bool
    ) -> Settled:
        """Settle the call of a hold by the legs known, unless one more is worth waiting for."""
        to_bill = bill(hold, legs, waited=waited, expired=not hold.counts(now))
        if to_bill is None:
            return Settled("waiting")
        key = (account.kazoo_account_id, account.account_id)
        closed = self._ledger.settle(*key, hold.hold_id, to_bill.seconds, now, leg=to_bill.leg)
        if closed is None:
            return Settled("unmatched")
        if closed.already:
            return Settled("already", closed)
        self._matched(account.kazoo_account_id, hold.call_id)
        if closed.entry.kind == "release":
            return Settled("released", closed)
        return Settled("overrun" if closed.entry.overrun else "settled", closed)

    def sweep(self, account: Account, now: datetime) -> list[Settled]:
        """Settle each hold whose call is known to have ended, and give back what has expired."""
        done = []
        for hold in account.holds.values():
            expired = not hold.counts(now)
            legs = self.legs(account.kazoo_account_id, hold.call_id)
            if legs:
                quiet = now.timestamp() - max(leg.ended_at for leg in legs) > WAIT_SECONDS
                settled = self.settle(account, hold, legs, now, waited=expired or quiet)
                done.append(settled)
                expired &= settled.outcome == "waiting"
            if expired:
                closed = self._ledger.expire(account.kazoo_account_id, account.account_id, hold.hold_id, now)
                done.append(Settled("released", closed))
        return done

    def legs(self, kazoo_account_id: str, a_leg_call_id: str) -> tuple[Leg, ...]:
        """The legs of a call that are known to have ended."""
        items = self._table.query(_calls(kazoo_account_id, a_leg_call_id), "leg#")
        return tuple(_leg(item) for item in items)

    def unmatched(self, kazoo_account_id: str) -> list[Leg]:
        """The legs whose hold was never found: for an operator to look at."""
        keys = self._table.index("open", open_unmatched(kazoo_account_id)["S"])
        found = (self._table.get({"pk": key["pk"], "sk": key["sk"]}) for key in keys)
        return [_leg(item) for item in found if item is not None]

    def _hold(self, account: Account, hold_id: str) -> Hold | None:
        """A hold that is live or, from the record of its end, one that was."""
        if hold_id in account.holds:
            return account.holds[hold_id]
        pk = partition(account.kazoo_account_id, account.account_id)
        record = self._table.get({"pk": value(pk), "sk": value(f"hold#{hold_id}")})
        return hold_from_map(plain(record["hold"])) if record else None

    def _store(self, kazoo_account_id: str, a_leg_call_id: str, leg: Leg, now: datetime) -> None:
        """Keep a leg's end; the same again changes nothing, so a mark on it stays."""
        kept = asdict(leg) | {"purge_at": int(now.timestamp()) + KEPT_SECONDS}
        item = _leg_key(kazoo_account_id, a_leg_call_id, leg.call_id)
        try:
            self._table.put(item | {name: value(one) for name, one in kept.items()}, ABSENT)
        except NotMetError:
            return

    def _mark_unmatched(self, kazoo_account_id: str, a_leg_call_id: str, leg: Leg) -> None:
        self._table.update(
            Key=_leg_key(kazoo_account_id, a_leg_call_id, leg.call_id),
            UpdateExpression="SET #open = :open",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":open": open_unmatched(kazoo_account_id)},
        )

    def _matched(self, kazoo_account_id: str, a_leg_call_id: str) -> None:
        """Take the marks off the legs of a call that was settled after all."""
        for item in self._table.query(_calls(kazoo_account_id, a_leg_call_id), "leg#"):
            if "open" in item:
                self._table.update(
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="REMOVE #open",
                    ExpressionAttributeNames={"#open": "open"},
                )

    def close_if_quiet(self, account: Account) -> None:
        """Take an account without holds off the sweeper's list."""
        try:
            self._table.update(
                Key=account_key(account.kazoo_account_id, account.account_id),
                UpdateExpression="REMOVE #open",
                ConditionExpression="size(holds) = :none",
                ExpressionAttributeNames={"#open": "open"},
                ExpressionAttributeValues={":none": value(0)},
            )
        except NotMetError:
            return


def _calls(kazoo_account_id: str, call_id: str) -> str:
    return f"{kazoo_account_id}#call:{call_id}"


def _leg_key(kazoo_account_id: str, a_leg_call_id: str, call_id: str) -> Item:
    return {"pk": value(_calls(kazoo_account_id, a_leg_call_id)), "sk": value(f"leg#{call_id}")}


def _leg(item: Item) -> Leg:
    return Leg(**{name: plain(item[name]) for name in Leg.__slots__})
