"""Accounts on the table: created, configured, credited, read and proven.

Everything that changes a balance is one transaction: the account, its next entry, and the record that lets
it happen only once.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pivot_app.aws.cache import Cache
from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.ledger._account import Account, Entry, EntryKind, Posting
from pivot_app.ledger._deny_lists import DenyLists
from pivot_app.ledger._errors import (
    AccountExistsError,
    AccountNotFoundError,
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
from pivot_app.ledger._plans import Plans
from pivot_app.ledger._rates import MAX_MICROS
from pivot_app.ledger._reconcile import discrepancies
from pivot_app.ledger._table import BusyError, NotMetError, Table
from pivot_app.ledger._writes import posting_update

ABSENT = "attribute_not_exists(pk)"
ACCOUNT_NUMBER = re.compile("[0-9]{1,20}")
CURRENCY = re.compile("[A-Z]{3}")
MAX_OWN_RATES = 50
"""Rates of an account's own: they are in its item, whose size every authorization pays for."""

MAX_OWN_DENIED = 100
"""Denied prefixes of an account's own, for the same reason."""

MAX_DENY_LISTS = 5

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
        """The account as it is now (one consistent GetItem), or None if there is none."""
        if not ACCOUNT_NUMBER.fullmatch(account_id):
            return (
                None  # whatever a URL or a caller's keys say: no account, rather than a failure of the table
            )
        item = self.table.get(account_key(kazoo_account_id, account_id))
        return account_from_item(item) if item else None

    def with_holds(self) -> list[tuple[str, str]]:
        """The accounts that may have live holds, of every KAZOO account: for the sweeper.

        In another order each time, so that a sweep that runs out of time leaves out others the next time.
        """
        keys = [key["pk"]["S"] for key in self.table.index("open") if key["sk"]["S"] == "account"]
        random.shuffle(keys)
        return [(tenant, number) for tenant, _, number in (key.partition("#") for key in keys)]

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
            AccountExistsError: An account of this number is there; it is left as it is.

        """
        if not ACCOUNT_NUMBER.fullmatch(account.account_id):
            raise InvalidAmountError("account_id", account.account_id, "1 to 20 digits")
        if not CURRENCY.fullmatch(account.currency):
            raise InvalidAmountError("currency", account.currency, "three capital letters, such as USD")
        _check_limits(account)
        if account.credited_micros or account.spent_micros or account.holds or account.entries:
            raise InvalidAmountError("credited_micros", account.credited_micros, "0, and an opening balance")
        if not 0 <= opening_micros <= MAX_MICROS:
            raise InvalidAmountError("opening_micros", opening_micros, f"0 to {MAX_MICROS}")
        puts = [account_to_item(account)]
        if opening_micros:
            entry = Entry(1, "top_up", opening_micros, opening_micros, at, reference)
            opened = account.after(Posting(entry))
            record = self._record(account.kazoo_account_id, account.account_id, f"ref#{reference}")
            puts = [account_to_item(opened), entry_to_item(opened, entry), record | {"number": value(1)}]
        for attempt in self.table.attempts():
            try:
                self.table.transact([{"Put": {"Item": put, "ConditionExpression": ABSENT}} for put in puts])
            except BusyError:
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
            except (NotMetError, BusyError):
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

    def last_notice(self, kazoo_account_id: str, account_id: str) -> str:
        """The event id of the account's last low-balance notice, "" if there was none."""
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
    ) -> Entry:
        if not 1 <= len(reference) <= 200:
            raise InvalidAmountError("reference", reference, "1 to 200 characters")
        record_key = self._record(kazoo_account_id, account_id, f"ref#{reference}")
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

    @staticmethod
    def _record(kazoo_account_id: str, account_id: str, sk: str) -> Item:
        return {"pk": value(partition(kazoo_account_id, account_id)), "sk": value(sk)}

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


def _check_limits(account: Account) -> None:
    if len(account.rates) > MAX_OWN_RATES:
        raise InvalidAmountError("rates", len(account.rates), f"{MAX_OWN_RATES} at most; make a plan of more")
    for field, most in (("denied_prefixes", MAX_OWN_DENIED), ("deny_lists", MAX_DENY_LISTS)):
        if (there := len(getattr(account.controls, field))) > most:
            raise InvalidAmountError(field, there, f"{most} at most; make a deny list of more prefixes")
    if not 0 <= account.credit_limit_micros <= MAX_MICROS:
        raise InvalidAmountError("credit_limit_micros", account.credit_limit_micros, f"0 to {MAX_MICROS}")
