"""The ledger on one DynamoDB table."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ledger._account import Account, Entry, EntryKind, Posting
from ledger._errors import (
    AccountExistsError,
    AccountNotFoundError,
    LedgerError,
    ReferenceConflictError,
    StoreUnavailableError,
)
from ledger._items import (
    Item,
    account_from_item,
    account_key,
    account_to_item,
    entry_from_item,
    entry_key,
    entry_to_item,
    partition,
    value,
)

CONFLICTS = frozenset(
    {"ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)


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
        self._client = client
        self._table = table_name
        self._budget_seconds = budget_seconds
        self._sleep = sleep
        self._monotonic = monotonic

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """The account as it is now (one consistent GetItem), or None if there is none."""
        with _store_errors():
            answer = self._client.get_item(
                TableName=self._table, Key=account_key(kazoo_account_id, account_id), ConsistentRead=True
            )
        return account_from_item(answer["Item"]) if "Item" in answer else None

    def create(self, account: Account) -> None:
        """Store a new account.

        Raises:
            AccountExistsError: An account of this number is there; it is left as it is.

        """
        with _store_errors():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=account_to_item(account),
                    ConditionExpression="attribute_not_exists(pk)",
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                raise AccountExistsError(account.kazoo_account_id, account.account_id) from None

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
        """Credit an account; the same reference with the same amount again returns the first entry."""
        return self._credit("top_up", kazoo_account_id, account_id, micros, reference, now, note)

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
        for _ in self._attempts():
            posted = self._posted(kazoo_account_id, account_id, reference)
            if posted is not None:
                if (posted.kind, posted.amount_micros) != (kind, micros):
                    raise ReferenceConflictError(
                        reference, f"{posted.kind} {posted.amount_micros}", f"{kind} {micros}"
                    )
                return posted
            account = self.account(kazoo_account_id, account_id)
            if account is None:
                raise AccountNotFoundError(kazoo_account_id, account_id)
            entry = Entry(
                number=account.entries + 1,
                kind=kind,
                amount_micros=micros,
                balance_micros=account.balance_micros + micros,
                at=int(now.timestamp()),
                reference=reference,
                note=note,
            )
            record = {
                "pk": value(partition(kazoo_account_id, account_id)),
                "sk": value(f"ref#{reference}"),
                "number": value(entry.number),
            }
            if self._post(account, Posting(entry), record):
                return entry
        raise StoreUnavailableError(f"account {account_id} stayed too busy to post {reference!r}")

    def _posted(self, kazoo_account_id: str, account_id: str, reference: str) -> Entry | None:
        pk = value(partition(kazoo_account_id, account_id))
        with _store_errors():
            found = self._client.get_item(
                TableName=self._table, Key={"pk": pk, "sk": value(f"ref#{reference}")}, ConsistentRead=True
            )
            if "Item" not in found:
                return None
            number = int(found["Item"]["number"]["N"])
            answer = self._client.get_item(
                TableName=self._table,
                Key=entry_key(kazoo_account_id, account_id, number),
                ConsistentRead=True,
            )
        return entry_from_item(answer["Item"])

    def _post(self, account: Account, posting: Posting, record: Item) -> bool:
        """Post in one transaction; False if the account moved on meanwhile and must be read again."""
        entry = posting.entry
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": account_key(account.kazoo_account_id, account.account_id),
            "UpdateExpression": "SET entries = :number ADD credited_micros :amount, available_micros :amount",
            "ConditionExpression": "entries = :before",
            "ExpressionAttributeValues": {
                ":number": value(entry.number),
                ":before": value(account.entries),
                ":amount": value(entry.amount_micros),
            },
        }
        put = entry_to_item(account.kazoo_account_id, account.account_id, entry)
        absent = "attribute_not_exists(pk)"
        return self._transact(
            [
                {"Update": update},
                {"Put": {"TableName": self._table, "Item": put, "ConditionExpression": absent}},
                {"Put": {"TableName": self._table, "Item": record, "ConditionExpression": absent}},
            ]
        )

    def _transact(self, items: Sequence[Mapping[str, Any]]) -> bool:
        with _store_errors():
            try:
                self._client.transact_write_items(TransactItems=items)
            except self._client.exceptions.TransactionCanceledException as error:
                codes = {reason.get("Code") for reason in error.response.get("CancellationReasons", ())}
                if codes <= CONFLICTS | {"None"}:
                    return False
                raise
            except self._client.exceptions.TransactionInProgressException:
                return False
        return True

    def _attempts(self) -> Iterator[int]:
        """Count attempts while the budget lasts, with a growing, jittered pause between them."""
        deadline = self._monotonic() + self._budget_seconds
        attempt = 0
        while True:
            yield attempt
            pause = min(0.2, 0.005 * 2**attempt) * (0.5 + random.random())  # noqa: S311 - jitter, no secret
            if self._monotonic() + pause >= deadline:
                return
            self._sleep(pause)
            attempt += 1


@contextmanager
def _store_errors() -> Iterator[None]:
    """Whatever AWS says that is not ours to handle becomes `StoreUnavailableError`."""
    try:
        yield
    except LedgerError:
        raise
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailableError(f"the accounts table could not be used: {error}") from error
