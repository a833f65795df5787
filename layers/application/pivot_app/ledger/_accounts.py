"""Accounts on the table: created, configured, credited, read and proven.

Everything that changes a balance is one transaction: the account, its next entry, and the record that lets
it happen only once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pivot_app.aws.cache import Cache
from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.ledger._account import Account, Entry, EntryKind, mint_entry_id
from pivot_app.ledger._deny_lists import DenyLists
from pivot_app.ledger._errors import (
    AccountExistsError,
    AccountNotFoundError,
    HeldMoneyError,
    InvalidAmountError,
    ReferenceConflictError,
)
from pivot_app.ledger._items import (
    Item,
    account_from_item,
    account_key,
    account_to_item,
    configuration,
    entry_from_item,
    entry_key,
    entry_to_item,
    partition,
    totals_from_item,
    value,
)
from pivot_app.ledger._movements import Movement, after, credited, update_of
from pivot_app.ledger._plans import Plans
from pivot_app.ledger._rates import MAX_MICROS
from pivot_app.ledger._reconcile import discrepancies
from pivot_app.ledger._table import ConditionFailedError, Table, ThrottledError

ABSENT = "attribute_not_exists(pk)"
ACCOUNT_NUMBER = re.compile("[0-9]{1,20}")
CURRENCY = re.compile("[A-Z]{3}")
MAX_OWN_RATES = 50
"""Rates of an account's own: they are in its item, whose size every authorization pays for."""

MAX_OWN_DENIED = 100
"""Denied prefixes of an account's own, for the same reason."""

MAX_DENY_LISTS = 5

RECONCILE_TRIES = 5

CACHED_ACCOUNTS = 1000
CACHE_SECONDS = 60.0


class Accounts:
    """The accounts of one table, and their entries."""

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
        self.deny_lists = DenyLists(self.table, Cache(20, CACHE_SECONDS, monotonic))
        self._seen: Cache[Account] = Cache(CACHED_ACCOUNTS, CACHE_SECONDS, monotonic)

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """Return the account as it is now (one consistent GetItem), or None if there is none."""
        if not ACCOUNT_NUMBER.fullmatch(account_id):
            return (
                None  # whatever a URL or a caller's keys say: no account, rather than a failure of the table
            )
        item = self.table.get(account_key(kazoo_account_id, account_id))
        return account_from_item(item) if item else None

    def with_holds(self) -> Iterator[tuple[str, str]]:
        """Yield the accounts that may have live holds, of every KAZOO account: for the sweeper."""
        for page, _ in self.pages_with_holds():
            yield from page

    def pages_with_holds(
        self, start: Item | None = None
    ) -> Iterator[tuple[list[tuple[str, str]], Item | None]]:
        """Yield the accounts that may have live holds, and where to go on after them."""
        for items, following in self.table.index_pages("open", start):
            keys = [key["pk"]["S"] for key in items if key["sk"]["S"] == "account"]
            parts = (key.partition("#") for key in keys)
            yield [(tenant, number) for tenant, _, number in parts], following

    def all_accounts(self, kazoo_account_id: str) -> Iterator[Account]:
        """Every account of a KAZOO account: reads the whole table, so for an operator's commands only."""
        for item in self.table.scan(
            FilterExpression="sk = :account AND begins_with(pk, :tenant)",
            ExpressionAttributeValues={
                ":account": value("account"),
                ":tenant": value(f"{kazoo_account_id}#"),
            },
        ):
            yield account_from_item(item)

    def create(
        self, account: Account, *, opening_micros: int = 0, reference: str = "opening balance", at: int = 0
    ) -> None:
        """Store a new account, with its first credit if it has one, in one step.

        Raises:
            AccountExistsError: An account with this number exists; it stays unchanged.

        """
        if not ACCOUNT_NUMBER.fullmatch(account.account_id):
            raise InvalidAmountError("account_id", account.account_id, "1 to 20 digits")
        if not CURRENCY.fullmatch(account.currency):
            raise InvalidAmountError("currency", account.currency, "three capital letters, such as USD")
        _check_limits(account)
        if account.credited_micros or account.spent_micros or account.holds:
            raise InvalidAmountError("credited_micros", account.credited_micros, "0, and an opening balance")
        if not 0 <= opening_micros <= MAX_MICROS:
            raise InvalidAmountError("opening_micros", opening_micros, f"0 to {MAX_MICROS}")
        puts = [account_to_item(account)]
        if opening_micros:
            entry = Entry("top_up", opening_micros, at, reference, entry_id=mint_entry_id(at * 1000))
            opened = after(account, credited(account, opening_micros))
            assert opened is not None  # noqa: S101 - nothing is required of a credit
            record = self.record_key(*account.key, f"ref#{reference}") | {"entry_id": value(entry.entry_id)}
            puts = [account_to_item(opened), entry_to_item(account.key, entry), record]
        for attempt in self.table.attempts():
            try:
                self.table.transact([{"Put": {"Item": put, "ConditionExpression": ABSENT}} for put in puts])
            except ThrottledError:
                if self.account(account.kazoo_account_id, account.account_id) is not None:
                    raise AccountExistsError(account.kazoo_account_id, account.account_id) from None
                self.table.pause(attempt)
                continue
            return
        raise StoreUnavailableError(f"account {account.account_id} could not be created")

    def configure(
        self, kazoo_account_id: str, account_id: str, change: Callable[[Account], Account]
    ) -> Account:
        """Change plan, rates, controls or credit limit; in force for every call authorized after it."""
        for attempt in self.table.attempts():
            account = self._must(kazoo_account_id, account_id)
            changed = change(account)
            _check_limits(changed)
            wanted = configuration(changed) | {"revision": account.revision + 1}
            try:
                item = self.table.update(
                    Key=account_key(kazoo_account_id, account_id),
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in wanted),
                    ConditionExpression="revision = :before",
                    ExpressionAttributeNames={f"#{name}": name for name in wanted},
                    ExpressionAttributeValues={f":{name}": value(setting) for name, setting in wanted.items()}
                    | {":before": value(account.revision)},
                )
            except (ConditionFailedError, ThrottledError):
                self.table.pause(attempt)
                continue
            return account_from_item(item)
        raise StoreUnavailableError(f"account {account_id} stayed too busy to configure")

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
        self,
        kazoo_account_id: str,
        account_id: str,
        micros: int,
        *,
        reference: str,
        now: datetime,
        note: str,
        may_take_held: bool = False,
    ) -> Entry:
        """Correct a balance up or down, with a note that says why; once by its reference.

        Raises:
            HeldMoneyError: It would take money that live calls hold; `may_take_held` allows it.
            ReferenceConflictError: The reference was used for something else.

        """
        if micros == 0 or abs(micros) > MAX_MICROS:
            raise InvalidAmountError("micros", micros, f"1 to {MAX_MICROS}, positive or negative")
        return self._credit(
            "adjust", kazoo_account_id, account_id, micros, reference, now, note, may_take_held=may_take_held
        )

    def entries(self, kazoo_account_id: str, account_id: str, *, after: int = 0) -> Iterator[Entry]:
        """Yield the entries beyond the first `after` ones, oldest first, numbered and with their balances."""
        balance = 0
        items = self.table.query(partition(kazoo_account_id, account_id), "entry#")
        for number, item in enumerate(items, start=1):
            entry = entry_from_item(item)
            balance += entry.amount_micros
            if number > after:
                yield replace(entry, number=number, balance_micros=balance)

    def reconcile(self, kazoo_account_id: str, account_id: str) -> list[str]:
        """Return what does not agree between an account and its entries; nothing if the books are right.

        An account that changes while its entries are read is read again.
        """
        key = account_key(kazoo_account_id, account_id)
        item = self.table.get(key)
        for _ in range(RECONCILE_TRIES):
            if item is None:
                raise AccountNotFoundError(kazoo_account_id, account_id)
            entries = list(self.entries(kazoo_account_id, account_id))
            wrong = discrepancies(account_from_item(item), totals_from_item(item), entries)
            now = self.table.get(key)
            if not wrong or now == item:
                return wrong
            item = now
        return wrong

    def last_notice(self, kazoo_account_id: str, account_id: str) -> str:
        """Return the event id of the account's last low-balance notice, "" if there was none."""
        item = self.table.get(account_key(kazoo_account_id, account_id)) or {}
        return str(item.get("low_balance_notice", {}).get("S", ""))

    def keep_notice(self, kazoo_account_id: str, account_id: str, event_id: str) -> None:
        """Keep the event id of the account's last low-balance notice."""
        self.table.update(
            Key=account_key(kazoo_account_id, account_id),
            UpdateExpression="SET low_balance_notice = :notice",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":notice": value(event_id)},
        )

    # --- How it is written ------------------------------------------------------------------------

    def _must(self, kazoo_account_id: str, account_id: str) -> Account:
        account = self.account(kazoo_account_id, account_id)
        if account is None:
            raise AccountNotFoundError(kazoo_account_id, account_id)
        return account

    def _credit(
        self,
        kind: EntryKind,
        kazoo_account_id: str,
        account_id: str,
        micros: int,
        reference: str,
        now: datetime,
        note: str,
        *,
        may_take_held: bool = False,
    ) -> Entry:
        if not 1 <= len(reference) <= 200:
            raise InvalidAmountError("reference", reference, "1 to 200 characters")
        record_key = self.record_key(kazoo_account_id, account_id, f"ref#{reference}")
        for attempt in self.table.attempts():
            account = self._must(kazoo_account_id, account_id)
            if (record := self.table.get(record_key)) is not None:
                wanted = _entry_id(record)
                posted = next(one for one in self.entries(*account.key) if one.entry_id == wanted)
                if (posted.kind, posted.amount_micros) != (kind, micros):
                    before, asked = f"{posted.kind} {posted.amount_micros}", f"{kind} {micros}"
                    raise ReferenceConflictError(reference, before, asked)
                return posted
            movement = credited(account, micros, may_take_held=may_take_held)
            changed = after(account, movement)
            if changed is None:
                raise HeldMoneyError(account_id, micros, account.held_micros)
            entry = Entry(
                kind=kind,
                amount_micros=micros,
                at=int(now.timestamp()),
                reference=reference,
                note=note,
                entry_id=mint_entry_id(int(now.timestamp() * 1000)),
                balance_micros=changed.balance_micros,
            )
            put = {
                "Put": {
                    "Item": record_key | {"entry_id": value(entry.entry_id)},
                    "ConditionExpression": ABSENT,
                }
            }
            try:
                self.post(account, movement, entry, [put])
            except ThrottledError:
                self.table.pause(attempt)
                continue
            return entry
        raise StoreUnavailableError(f"account {account_id} stayed too busy to post {reference!r}")

    @staticmethod
    def record_key(kazoo_account_id: str, account_id: str, sk: str) -> Item:
        """Return the key of an item beside an account's."""
        return {"pk": value(partition(kazoo_account_id, account_id)), "sk": value(sk)}

    def _entry(self, account: Account, entry_id: str) -> Entry:
        item = self.table.get(entry_key(account.kazoo_account_id, account.account_id, entry_id))
        if item is None:
            raise LookupError(
                f"account {account.account_id} has no entry {entry_id}: run `pivot accounts reconcile`"
            )
        return entry_from_item(item)

    def post(
        self, account: Account, movement: Movement, entry: Entry | None, records: list[dict[str, Any]]
    ) -> None:
        """Carry out a movement with its entry and records in one transaction, or raise ThrottledError."""
        writes: list[dict[str, Any]] = [{"Update": update_of(account.key, movement)}]
        if entry is not None:
            put = {"Item": entry_to_item(account.key, entry), "ConditionExpression": ABSENT}
            writes.append({"Put": put})
        self.table.transact([*writes, *records])
        self._seen.drop(account.key)


def _entry_id(record: Item) -> str:
    """Return the entry of a reference; earlier versions numbered them."""
    return str(record["entry_id"]["S"]) if "entry_id" in record else f"{int(record['number']['N']):012d}"


def _check_limits(account: Account) -> None:
    if len(account.rates) > MAX_OWN_RATES:
        raise InvalidAmountError("rates", len(account.rates), f"{MAX_OWN_RATES} at most; make a plan of more")
    for field, most in (("denied_prefixes", MAX_OWN_DENIED), ("deny_lists", MAX_DENY_LISTS)):
        if (there := len(getattr(account.controls, field))) > most:
            raise InvalidAmountError(field, there, f"{most} at most; make a deny list of more prefixes")
    if not 0 <= account.credit_limit_micros <= MAX_MICROS:
        raise InvalidAmountError("credit_limit_micros", account.credit_limit_micros, f"0 to {MAX_MICROS}")
