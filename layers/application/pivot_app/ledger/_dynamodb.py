"""Calls on the table: authorized, extended, settled, corrected.

Authorizing is one conditional UpdateItem of the account's item, decided on what this instance last saw of
the account. The condition says exactly what the decision rested on; where it does not hold, the answer brings
the item as it is, and the call is decided again on that.

Settling writes in this order: the record of the hold, which says what is charged and can be written once; the
entries; and one conditional UpdateItem of the account's item, which ends the hold. If a process stops in
between, it leaves the hold in the account, and the next one carries out what the record says. No step counts
anything, so calls of one account that end together do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Literal

from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Account, Entry, Hold, LegCharge, mint_entry_id
from pivot_app.ledger._accounts import ABSENT, Accounts
from pivot_app.ledger._authorization import CallRequest, Refusal, authorize, extend, rate_for
from pivot_app.ledger._charges import Charge
from pivot_app.ledger._errors import AccountNotFoundError
from pivot_app.ledger._items import (
    Item,
    account_from_item,
    entry_from_map,
    entry_to_item,
    entry_to_map,
    hold_from_map,
    hold_to_map,
    plain,
    value,
)
from pivot_app.ledger._leg_store import LegStore
from pivot_app.ledger._movements import call_corrected, call_settled, found_unresolved, hold_made, update_of
from pivot_app.ledger._rates import Rate
from pivot_app.ledger._settling import Priced, correction_of, entries_of, price
from pivot_app.ledger._table import ConditionFailedError, ThrottledError

RUSH = 3
"""Retries without back-off: a failed condition returns the current item, so the retry can use it."""

DecidedBy = Literal["kazoo", "operator", "policy", "gate"]


@dataclass(frozen=True, slots=True)
class Authorized:
    """A call that may be made: its hold, and the account with the hold in it."""

    account: Account
    hold: Hold

    def available_before_micros(self, now: datetime) -> int:
        """Return what was available before this call: the balance its caller expects to hear."""
        return self.account.available_micros(now) + self.hold.hold_micros


@dataclass(frozen=True, slots=True)
class Record:
    """The amounts that a call was settled with so far.

    Args:
        hold: The hold as it was when it ended.
        legs: The legs charged.
        revision: 1 for the settlement, one more for each correction.
        decided_by: Who said how the call went.
        is_estimate: Whether that follows from the times of other events.
        entries: The entries of the settlement.

    """

    hold: Hold
    legs: tuple[LegCharge, ...]
    revision: int
    decided_by: DecidedBy
    is_estimate: bool
    entries: tuple[Entry, ...] = ()

    @property
    def micros(self) -> int:
        """The amount charged for the call."""
        return sum(leg.micros for leg in self.legs)


@dataclass(frozen=True, slots=True)
class Booked:
    """The result of posting a call's charges: the entries posted now, and the settled amounts.

    Args:
        record: The amounts that the call is settled with.
        entries: What was posted now; none if it was settled with the same before.
        unpriced: Legs that cost the operator money, and have no rate.

    """

    record: Record
    entries: tuple[Entry, ...] = ()
    unpriced: tuple[LegCharge, ...] = ()

    @property
    def entry(self) -> Entry:
        """The entry that was posted now, else the settlement's."""
        return (self.entries or self.record.entries)[0]

    @property
    def was_settled_before(self) -> bool:
        """Whether nothing was left to post."""
        return not self.entries


class DynamoDBLedger(Accounts):
    """Accounts and their entries in the accounts table.

    Args:
        client: A botocore DynamoDB client (its own retries and timeouts apply to each request).
        table_name: The accounts table.
        budget_seconds: How long conflicts and throttling are retried before `StoreUnavailableError`.

    """

    def authorize(
        self, kazoo_account_id: str, account_id: str, request: CallRequest, now: datetime
    ) -> Authorized | Refusal:
        """Hold money for a call, or say why not. The same request asked again gets the same hold.

        Raises:
            AccountNotFoundError: There is no such account.
            StoreUnavailableError: Not decided within the time budget; whether a hold was made is not known,
                and asking again finds out.

        """
        key = (kazoo_account_id, account_id)
        account = self._seen.get(key)
        fresh = account is None
        for attempt in self.table.attempts():
            if account is None:
                account, fresh = self._must(*key), True
            plan = self.plans.rates(kazoo_account_id, account.plan) if account.plan else None
            decision = authorize(account, request, plan, now, is_denied=self._is_denied(account, request))
            if isinstance(decision, Refusal) or decision.place in account.holds:
                # Never believed of a memory: it is read first.
                if not fresh:
                    account = None
                    continue
                self._seen.put(key, account)
                return decision if isinstance(decision, Refusal) else Authorized(account, decision)
            try:
                item = self.table.update(**update_of(key, hold_made(account, decision)))
            except ConditionFailedError as refused:
                self._seen.drop(key)
                if refused.item is None:
                    raise AccountNotFoundError(*key) from None
                account, fresh = account_from_item(refused.item), True
                if attempt > RUSH:
                    self.table.pause(attempt - RUSH)
            except ThrottledError:
                self.table.pause(attempt)
                account = None
            else:
                account = account_from_item(item)
                self._seen.put(key, account)
                return Authorized(account, decision)
        raise StoreUnavailableError(f"account {account_id} stayed too busy to authorize a call")

    def _is_denied(self, account: Account, request: CallRequest) -> bool:
        """Return whether one of the account's deny lists has the destination."""
        lists, destination = account.controls.deny_lists, request.destination
        if not lists or destination is None:
            return False
        return self.deny_lists.denies(account.kazoo_account_id, lists, destination.number)

    def extend(
        self, kazoo_account_id: str, account_id: str, hold_id: str, seconds: int, now: datetime
    ) -> Hold | Refusal | None:
        """Make a live hold longer by up to `seconds`; None if its call is settled."""
        for attempt in self.table.attempts():
            account = self._must(kazoo_account_id, account_id)
            hold = account.hold(hold_id)
            if hold is None:
                return None
            longer = extend(account, hold, seconds, now)
            if isinstance(longer, Refusal):
                return longer
            movement = hold_made(account, longer, instead_of=hold, at=int(now.timestamp()))
            try:
                self.table.update(**update_of(account.key, movement))
            except (ConditionFailedError, ThrottledError):
                self.table.pause(attempt)
                continue
            return longer
        raise StoreUnavailableError(f"account {account_id} stayed too busy to extend {hold_id}")

    def void(self, kazoo_account_id: str, account_id: str, hold_id: str, now: datetime) -> Booked | None:
        """Release the money of a call that was not made; a call that is made later is still billed."""
        return self.book(kazoo_account_id, account_id, hold_id, (), now, decided_by="gate", note="not made")

    def settle(
        self, kazoo_account_id: str, account_id: str, hold_id: str, seconds: int, now: datetime
    ) -> Booked | None:
        """Bill a call of `seconds`, by an operator's word; None if this account never had such a hold."""
        charge = Charge("", seconds, "call")
        charges = (charge,) if seconds else ()
        return self.book(kazoo_account_id, account_id, hold_id, charges, now, decided_by="operator")

    def record(self, kazoo_account_id: str, account_id: str, hold_id: str) -> Record | None:
        """Return what a call was settled with so far, or None if it was not."""
        item = self.table.get(self.record_key(kazoo_account_id, account_id, f"hold#{hold_id}"))
        return self._record_of(kazoo_account_id, account_id, item) if item else None

    def mark_unresolved(self, account: Account, hold: Hold, now: datetime) -> bool:
        """Mark a hold whose call ended without a report; return whether it was marked now."""
        if hold.unresolved_at:
            return False
        try:
            self.table.update(**update_of(account.key, found_unresolved(hold, int(now.timestamp()))))
        except ConditionFailedError:
            return False
        self._seen.drop(account.key)
        return True

    def book(
        self,
        kazoo_account_id: str,
        account_id: str,
        hold_id: str,
        charges: Sequence[Charge],
        now: datetime,
        *,
        decided_by: DecidedBy = "kazoo",
        note: str = "",
    ) -> Booked | None:
        """Settle a call with these charges, or correct its settlement. The same again posts nothing.

        Returns:
            What was posted, or None if this account never had such a hold.

        Raises:
            StoreUnavailableError: Not done within the time budget. Doing it again finishes it.

        """
        key = (kazoo_account_id, account_id)
        record_key = self.record_key(*key, f"hold#{hold_id}")
        is_estimate = any(charge.is_estimate for charge in charges)
        posted: tuple[Entry, ...] = ()
        for attempt in self.table.attempts():
            account = self.account(*key)
            item = self.table.get(record_key)
            hold = account.hold(hold_id) if account else None
            if account is None or (hold is None and item is None):
                return None
            if item is None and hold is not None:
                if decided_by != "kazoo":
                    # What KAZOO tells later of legs that name no hold still finds this one.
                    LegStore(self.table).index(kazoo_account_id, hold)
                priced = self._priced(account, hold, charges)
                posted = tuple(entries_of(hold, priced, now, note))
                record = Record(hold, priced.legs, 1, decided_by, is_estimate, posted)
                try:
                    self.table.put(record_key | _record_to_item(record), ABSENT)
                except ConditionFailedError:
                    posted = ()
                    continue
            else:
                record = self._record_of(*key, item)  # type: ignore[arg-type]
            if hold is not None:
                if not self._end(account, hold, record, now):
                    self.table.pause(attempt)
                    continue
                if posted:
                    return Booked(record, posted, self._priced(account, hold, charges).unpriced)
                continue
            priced = self._priced(account, record.hold, charges, record.legs)
            if _same(priced.legs, record.legs):
                return Booked(record, posted, priced.unpriced)
            try:
                return self._correct(account, record, priced, now, decided_by, note, is_estimate=is_estimate)
            except ThrottledError:
                self.table.pause(attempt)
        raise StoreUnavailableError(f"account {account_id} stayed too busy to settle {hold_id}")

    def _end(self, account: Account, hold: Hold, record: Record, now: datetime) -> bool:
        """Carry out what the record of a live hold says; whether that is done."""
        for entry in record.entries:
            try:
                self.table.put(entry_to_item(account.key, entry), ABSENT)
            except ConditionFailedError:
                continue
        movement = call_settled(account, hold, record.micros, int(now.timestamp()))
        try:
            self.table.update(**update_of(account.key, movement))
        except (ConditionFailedError, ThrottledError):
            return False
        self._seen.drop(account.key)
        return True

    def _correct(
        self,
        account: Account,
        record: Record,
        priced: Priced,
        now: datetime,
        decided_by: DecidedBy,
        note: str,
        *,
        is_estimate: bool,
    ) -> Booked:
        entry_id = mint_entry_id(int(now.timestamp() * 1000))
        entry = correction_of(record.hold, record.legs, priced, int(now.timestamp()), entry_id, note)
        corrected = replace(
            record,
            legs=priced.legs,
            revision=record.revision + 1,
            decided_by=decided_by,
            is_estimate=is_estimate,
        )
        put = {
            "Put": {
                "Item": self.record_key(*account.key, f"hold#{record.hold.hold_id}")
                | _record_to_item(corrected),
                "ConditionExpression": "revision = :before OR attribute_not_exists(revision)",
                "ExpressionAttributeValues": {":before": value(record.revision)},
            }
        }
        is_news = bool(entry.amount_micros or entry.seconds)
        movement = call_corrected(account, -entry.amount_micros, int(now.timestamp()))
        self.post(account, movement, entry if is_news else None, [put])
        return Booked(corrected, (entry,) if is_news else (), priced.unpriced)

    def _priced(
        self, account: Account, hold: Hold, charges: Sequence[Charge], before: Sequence[LegCharge] = ()
    ) -> Priced:
        def rate_of(number: str) -> Rate | None:
            plan = self.plans.rates(account.kazoo_account_id, account.plan) if account.plan else None
            return rate_for(account, plan, number, hold.authorized_at)

        priced = price(hold, charges, rate_of)
        # What was charged before keeps its price, whatever the rates are by now.
        known = {(leg.call_id, leg.why, leg.seconds): leg for leg in before}
        return replace(
            priced,
            call=tuple(known.get((leg.call_id, leg.why, leg.seconds), leg) for leg in priced.call),
            transfers=tuple(known.get((leg.call_id, leg.why, leg.seconds), leg) for leg in priced.transfers),
        )

    def _record_of(self, kazoo_account_id: str, account_id: str, item: Item) -> Record:
        stored: dict[str, Any] = {name: plain(attribute) for name, attribute in item.items()}
        hold = hold_from_map(stored["hold"])
        if "revision" in stored:
            return Record(
                hold,
                tuple(LegCharge(**leg) for leg in stored["legs"]),
                stored["revision"],
                stored["decided_by"],
                stored["is_estimate"],
                tuple(entry_from_map(entry.pop("entry_id"), entry) for entry in stored["entries"]),
            )
        # An old record: the entry it names says what was charged.
        account = self._must(kazoo_account_id, account_id)
        entry = self._entry(account, f"{stored['number']:012d}")
        leg = LegCharge(hold.call_id, "call", entry.seconds, entry.billed_seconds, -entry.amount_micros)
        charged = (leg,) if entry.kind == "call" else ()
        return Record(hold, charged, 1, "kazoo", False, (entry,))


def _record_to_item(record: Record) -> Item:
    entries = [entry_to_map(entry) | {"entry_id": entry.entry_id} for entry in record.entries]
    stored = {
        "hold": hold_to_map(record.hold),
        "legs": [asdict(leg) for leg in record.legs],
        "revision": record.revision,
        "decided_by": record.decided_by,
        "is_estimate": record.is_estimate,
        "entries": entries,
    }
    return {name: value(kept) for name, kept in stored.items()}


def _same(one: Sequence[LegCharge], other: Sequence[LegCharge]) -> bool:
    def told(legs: Sequence[LegCharge]) -> set[tuple[str, str, int]]:
        return {(leg.call_id, leg.why, leg.seconds) for leg in legs}

    return told(one) == told(other)
