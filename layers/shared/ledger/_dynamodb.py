"""The ledger on one DynamoDB table.

Authorizing is one conditional UpdateItem of the account's item, decided on what this instance last saw of
the account. The condition says exactly what the decision rested on; where it does not hold, the answer brings
the item as it is, and the call is decided again on that. Everything that changes a balance is one
transaction: the account, its next entry, and the record that lets it happen only once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ledger._account import Account, Entry, EntryKind, Hold, Posting
from ledger._cache import Cache
from ledger._decide import CallRequest, Refusal, authorize, expire, extend, settle
from ledger._errors import (
    AccountExistsError,
    AccountNotFoundError,
    HoldConflictError,
    InvalidAmountError,
    ReferenceConflictError,
    StoreUnavailableError,
)
from ledger._items import (
    account_from_item,
    account_key,
    account_to_item,
    configuration,
    entry_from_item,
    entry_key,
    entry_to_item,
    hold_from_map,
    hold_to_map,
    partition,
    plain,
    totals_from_item,
    value,
)
from ledger._plans import Plans
from ledger._rates import MAX_MICROS
from ledger._reconcile import discrepancies
from ledger._table import BusyError, NotMetError, Table
from ledger._writes import hold_update, posting_update

CACHED_ACCOUNTS = 1000
CACHE_SECONDS = 60.0
RUSH = 3
"""Attempts without a pause: one that failed its condition brought the item as it is, so somebody got on."""
ABSENT = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class Authorized:
    """A call that may be made: its hold, and the account with the hold in it."""

    account: Account
    hold: Hold

    def available_before_micros(self, now: datetime) -> int:
        """What was available before this call: the balance its caller expects to hear."""
        return self.account.available_micros(now) + self.hold.hold_micros


@dataclass(frozen=True, slots=True)
class Closed:
    """How a hold ended: by this entry, now or (`already`) before."""

    entry: Entry
    already: bool = False


class DynamoDBLedger:
    """Accounts and their entries in the accounts table.

    Args:
        client: A botocore DynamoDB client (its own retries and timeouts apply to each request).
        table_name: The accounts table.
        budget_seconds: How long conflicts and throttling are retried before `StoreUnavailableError`.

    """

    def __init__(
        self,
        client: Any,
        table_name: str,
        *,
        budget_seconds: float = 2.0,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.table = Table(client, table_name, budget_seconds, sleep=sleep, monotonic=monotonic)
        self.plans = Plans(self.table, Cache(100, CACHE_SECONDS, monotonic))
        self._seen: Cache[Account] = Cache(CACHED_ACCOUNTS, CACHE_SECONDS, monotonic)

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """The account as it is now (one consistent GetItem), or None if there is none."""
        item = self.table.get(account_key(kazoo_account_id, account_id))
        return account_from_item(item) if item else None

    def with_holds(self) -> Iterator[Account]:
        """The accounts that may have live holds, of every KAZOO account: for the sweeper."""
        for key in self.table.index("open"):
            if key["sk"]["S"] == "account":
                item = self.table.get({"pk": key["pk"], "sk": key["sk"]})
                if item is not None:
                    yield account_from_item(item)

    def create(self, account: Account) -> None:
        """Store a new account, without money: credit it with `top_up`.

        Raises:
            AccountExistsError: An account of this number is there; it is left as it is.

        """
        if account.credited_micros or account.spent_micros or account.holds:
            raise InvalidAmountError("credited_micros", account.credited_micros, "0, and then a top-up")
        try:
            self.table.put(account_to_item(account), ABSENT)
        except NotMetError:
            raise AccountExistsError(account.kazoo_account_id, account.account_id) from None

    def configure(
        self, kazoo_account_id: str, account_id: str, change: Callable[[Account], Account]
    ) -> Account:
        """Change plan, rates, controls or credit limit; in force for every call authorized after it."""
        for attempt in self.table.attempts():
            account = self._must(kazoo_account_id, account_id)
            wanted = configuration(change(account)) | {"revision": account.revision + 1}
            try:
                item = self.table.update(
                    Key=account_key(kazoo_account_id, account_id),
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in wanted),
                    ConditionExpression="revision = :before",
                    ExpressionAttributeNames={f"#{name}": name for name in wanted},
                    ExpressionAttributeValues={f":{name}": value(setting) for name, setting in wanted.items()}
                    | {":before": value(account.revision)},
                )
            except (NotMetError, BusyError):
                self.table.pause(attempt)
                continue
            return account_from_item(item)
        raise StoreUnavailableError(f"account {account_id} stayed too busy to configure")

    # --- Calls ------------------------------------------------------------------------------------

    def authorize(
        self, kazoo_account_id: str, account_id: str, request: CallRequest, now: datetime
    ) -> Authorized | Refusal:
        """Hold money for a call, or say why not. The same Call-ID asked again gets the same hold.

        Raises:
            AccountNotFoundError: There is no such account.
            HoldConflictError: The Call-ID already holds money for another destination.
            StoreUnavailableError: Not decided within the time budget; whether a hold was made is not known,
                and asking again finds out.

        """
        key = (kazoo_account_id, account_id)
        account = self._seen.get(key)
        fresh = account is None
        for attempt in self.table.attempts():
            if account is None:
                account, fresh = self._must(*key), True
            decision: Hold | Refusal | HoldConflictError
            try:
                plan = self.plans.rates(kazoo_account_id, account.plan) if account.plan else None
                decision = authorize(account, request, plan, now)
            except HoldConflictError as conflict:
                decision = conflict
            if not isinstance(decision, Hold) or decision.hold_id in account.holds:
                if not fresh:
                    account = None  # neither a refusal nor an earlier hold is believed of a memory
                    continue
                self._seen.put(key, account)
                if isinstance(decision, HoldConflictError):
                    raise decision
                if isinstance(decision, Refusal):
                    return decision
                if decision is account.holds[decision.hold_id]:
                    return Authorized(account, decision)
            if self._needs_expired_removed(account, decision):
                self.expire_due(account, now)
                account = None
                continue
            try:
                account = account_from_item(self.table.update(**hold_update(account, decision)))
            except NotMetError as refused:
                self._seen.drop(key)
                if refused.item is None:
                    raise AccountNotFoundError(*key) from None
                account, fresh = account_from_item(refused.item), True
                if attempt > RUSH:
                    self.table.pause(attempt - RUSH)
            except BusyError:
                self.table.pause(attempt)
                account = None
            else:
                self._seen.put(key, account)
                return Authorized(account, decision)
        raise StoreUnavailableError(f"account {account_id} stayed too busy to authorize a call")

    def extend(
        self, kazoo_account_id: str, account_id: str, hold_id: str, seconds: int, now: datetime
    ) -> Hold | Refusal | None:
        """Make a live hold longer by up to `seconds`; None if the call has no hold any more."""
        for attempt in self.table.attempts():
            account = self._must(kazoo_account_id, account_id)
            hold = account.holds.get(hold_id)
            if hold is None:
                return None
            longer = extend(account, hold, seconds, now)
            if isinstance(longer, Refusal):
                return longer
            try:
                self.table.update(**hold_update(account, longer, instead_of=hold))
            except (NotMetError, BusyError):
                self.table.pause(attempt)
                continue
            return longer
        raise StoreUnavailableError(f"account {account_id} stayed too busy to extend {hold_id}")

    def settle(
        self,
        kazoo_account_id: str,
        account_id: str,
        hold_id: str,
        seconds: int,
        now: datetime,
        *,
        leg: str = "",
    ) -> Closed | None:
        """Bill a call of `seconds` and end its hold, once; None if this account never had such a hold."""

        def decide(account: Account, hold: Hold) -> Posting:
            return settle(account, hold, seconds, now, leg=leg)

        return self._close(kazoo_account_id, account_id, hold_id, decide, "settled", now)

    def void(self, kazoo_account_id: str, account_id: str, hold_id: str, now: datetime) -> Closed | None:
        """End a hold without a charge: the call was never made."""
        return self.settle(kazoo_account_id, account_id, hold_id, 0, now)

    def expire_due(self, account: Account, now: datetime) -> list[Closed]:
        """Give back the money of every hold that has expired."""
        due = [hold for hold in account.holds.values() if not hold.counts(now)]
        closed = (
            self.expire(account.kazoo_account_id, account.account_id, hold.hold_id, now) for hold in due
        )
        return [one for one in closed if one is not None]

    def expire(self, kazoo_account_id: str, account_id: str, hold_id: str, now: datetime) -> Closed | None:
        """Give back the money of one hold; its call can still be settled later."""

        def decide(account: Account, hold: Hold) -> Posting:
            return expire(account, hold, now)

        return self._close(kazoo_account_id, account_id, hold_id, decide, "expired", now)

    # --- Credit -----------------------------------------------------------------------------------

    def top_up(
        self,
        kazoo_account_id: str,
        account_id: str,
        micros: int,
        *,
        reference: str,
        now: datetime,
        note: str = "",
    ) -> Entry:
        """Credit an account; the same reference with the same amount again returns the first entry.

        Raises:
            ReferenceConflictError: The reference was used for something else.

        """
        if not 0 < micros <= MAX_MICROS:
            raise InvalidAmountError("micros", micros, f"1 to {MAX_MICROS}")
        return self._credit("top_up", kazoo_account_id, account_id, micros, reference, now, note)

    def adjust(
        self, kazoo_account_id: str, account_id: str, micros: int, *, reference: str, now: datetime, note: str
    ) -> Entry:
        """Correct a balance up or down, with a note that says why; once by its reference."""
        if micros == 0 or abs(micros) > MAX_MICROS:
            raise InvalidAmountError("micros", micros, f"1 to {MAX_MICROS}, positive or negative")
        return self._credit("adjust", kazoo_account_id, account_id, micros, reference, now, note)

    def entries(self, kazoo_account_id: str, account_id: str, *, after: int = 0) -> Iterator[Entry]:
        """The entries numbered above `after`, oldest first."""
        pk = partition(kazoo_account_id, account_id)
        first = entry_key(kazoo_account_id, account_id, after)["sk"]["S"] if after else ""
        return map(entry_from_item, self.table.query(pk, "entry#", after=first))

    def reconcile(self, kazoo_account_id: str, account_id: str) -> list[str]:
        """What does not agree between an account and its entries; nothing if the books are right."""
        item = self.table.get(account_key(kazoo_account_id, account_id))
        if item is None:
            raise AccountNotFoundError(kazoo_account_id, account_id)
        entries = self.entries(kazoo_account_id, account_id)
        return discrepancies(account_from_item(item), totals_from_item(item), entries)

    # --- How it is written ------------------------------------------------------------------------

    def _must(self, kazoo_account_id: str, account_id: str) -> Account:
        account = self.account(kazoo_account_id, account_id)
        if account is None:
            raise AccountNotFoundError(kazoo_account_id, account_id)
        return account

    @staticmethod
    def _needs_expired_removed(account: Account, hold: Hold) -> bool:
        """Whether a hold is only possible once expired ones, which the item still has, are gone from it."""
        stored_spendable = account.balance_micros - account.held_micros + account.credit_limit_micros
        return (
            hold.hold_id in account.holds
            or hold.hold_micros > stored_spendable
            or len(account.holds) >= account.controls.max_live_calls
        )

    def _close(
        self,
        kazoo_account_id: str,
        account_id: str,
        hold_id: str,
        decide: Callable[[Account, Hold], Posting],
        state: Literal["settled", "expired"],
        now: datetime,
    ) -> Closed | None:
        record_key = {"pk": value(partition(kazoo_account_id, account_id)), "sk": value(f"hold#{hold_id}")}
        for attempt in self.table.attempts():
            account = self.account(kazoo_account_id, account_id)
            record = self.table.get(record_key)
            hold = account.holds.get(hold_id) if account else None
            if account is None or (hold is None and record is None):
                return None
            known = plain(record["state"]) if record else None
            if hold is None and record is not None and (known == "settled" or state == "expired"):
                return Closed(self._entry(account, int(record["number"]["N"])), already=True)
            late = hold is None
            if hold is None:
                hold = hold_from_map(plain(record["hold"]))  # type: ignore[index]
            if known == "settled":
                # Its call was billed before: a request that came too late made the hold again.
                posting = expire(account, hold, now)
                writes: list[dict[str, Any]] = []
            else:
                posting = decide(account, hold)
                kept = {"state": state, "number": posting.entry.number, "hold": hold_to_map(hold)}
                writes = [
                    {
                        "Put": {
                            "Item": record_key | {name: value(one) for name, one in kept.items()},
                            "ConditionExpression": f"{ABSENT} OR #state = :expired",
                            "ExpressionAttributeNames": {"#state": "state"},
                            "ExpressionAttributeValues": {":expired": {"S": "expired"}},
                        }
                    }
                ]
            try:
                self._post(account, posting, writes, late=late)
            except BusyError:
                self.table.pause(attempt)
                continue
            return Closed(posting.entry, already=known == "settled")
        raise StoreUnavailableError(f"account {account_id} stayed too busy to end the hold {hold_id}")

    def _credit(
        self,
        kind: EntryKind,
        kazoo_account_id: str,
        account_id: str,
        micros: int,
        reference: str,
        now: datetime,
        note: str,
    ) -> Entry:
        if not 1 <= len(reference) <= 200:
            raise InvalidAmountError("reference", reference, "1 to 200 characters")
        record_key = {"pk": value(partition(kazoo_account_id, account_id)), "sk": value(f"ref#{reference}")}
        for attempt in self.table.attempts():
            account = self._must(kazoo_account_id, account_id)
            if (record := self.table.get(record_key)) is not None:
                posted = self._entry(account, int(record["number"]["N"]))
                if (posted.kind, posted.amount_micros) != (kind, micros):
                    before, asked = f"{posted.kind} {posted.amount_micros}", f"{kind} {micros}"
                    raise ReferenceConflictError(reference, before, asked)
                return posted
            entry = Entry(
                number=account.entries + 1,
                kind=kind,
                amount_micros=micros,
                balance_micros=account.balance_micros + micros,
                at=int(now.timestamp()),
                reference=reference,
                note=note,
            )
            put = {
                "Put": {"Item": record_key | {"number": value(entry.number)}, "ConditionExpression": ABSENT}
            }
            try:
                self._post(account, Posting(entry), [put])
            except BusyError:
                self.table.pause(attempt)
                continue
            return entry
        raise StoreUnavailableError(f"account {account_id} stayed too busy to post {reference!r}")

    def _entry(self, account: Account, number: int) -> Entry:
        item = self.table.get(entry_key(account.kazoo_account_id, account.account_id, number))
        if item is None:
            raise LookupError(
                f"account {account.account_id} has no entry {number}: run `pivot accounts reconcile`"
            )
        return entry_from_item(item)

    def _post(
        self, account: Account, posting: Posting, records: list[dict[str, Any]], *, late: bool = False
    ) -> None:
        """The account, its next entry and the records of a posting in one transaction, or BusyError."""
        self.table.transact(
            [
                {"Update": posting_update(account, posting, late=late)},
                {"Put": {"Item": entry_to_item(account, posting.entry), "ConditionExpression": ABSENT}},
                *records,
            ]
        )
        self._seen.drop((account.kazoo_account_id, account.account_id))
