"""Conflicts, throttling and an absent store: retried within the budget, then said plainly.

The emulator never answers TransactionConflict, so here the client is made to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from pivot_app.ledger import (
    Account,
    Authorized,
    CallRequest,
    Destination,
    DynamoDBLedger,
    Rate,
    StoreUnavailableError,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REQUEST = CallRequest("call@pbx", Destination("+442071838750", "GB"))


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


class Troubled:
    """A client some of whose requests, by default writes, fail a number of times first."""

    def __init__(self, client: Any, failures: Iterator[Exception], troubled: set[str]) -> None:
        self.client, self.failures, self.troubled = client, failures, troubled
        self.exceptions = client.exceptions

    def __getattr__(self, operation: str) -> Any:
        def run(**request: Any) -> Any:
            if operation in self.troubled:
                failure = next(self.failures, None)
                if failure is not None:
                    raise failure
            return getattr(self.client, operation)(**request)

        return run


def error(code: str, *reasons: str) -> ClientError:
    """What botocore raises for an error of DynamoDB."""
    response: Any = {"Error": {"Code": code, "Message": code}}
    if reasons:
        response["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(response, "UpdateItem")


@pytest.fixture
def account(ledger: DynamoDBLedger, kazoo_account_id: str) -> str:
    """An account with money and rates."""
    ledger.create(
        Account(kazoo_account_id, "1001", "USD", rates=(Rate("44", 10_000),)), opening_micros=5_000_000
    )
    return "1001"


WRITES = frozenset({"update_item", "transact_write_items"})


def troubled(
    ledger: DynamoDBLedger, failures: list[Exception], clock: Clock, which: frozenset[str] = WRITES
) -> DynamoDBLedger:
    """The same table, through a client in trouble."""
    client = Troubled(ledger.table.client, iter(failures), set(which))
    return DynamoDBLedger(client, ledger.table.name, sleep=clock.sleep, monotonic=clock.monotonic)


BUSY = [
    error("TransactionConflictException"),
    error("ProvisionedThroughputExceededException"),
    error("ThrottlingException"),
    error("InternalServerError"),
]


def test_a_busy_table_is_asked_again(ledger: DynamoDBLedger, kazoo_account_id: str, account: str) -> None:
    """Each kind of conflict and throttling is waited out, and the call is held once."""
    clock = Clock()
    decision = troubled(ledger, BUSY, clock).authorize(kazoo_account_id, account, REQUEST, NOW)
    assert isinstance(decision, Authorized)
    assert 0 < clock.now < 0.2
    stored = ledger.account(kazoo_account_id, account)
    assert stored is not None
    assert len(stored.holds) == 1


def test_a_cancelled_transaction_is_tried_again(
    ledger: DynamoDBLedger, kazoo_account_id: str, account: str
) -> None:
    """A transaction that met another one posts on a later try, once."""
    cancelled = [error("TransactionCanceledException", "None", "TransactionConflict", "None")] * 3
    troubled(ledger, cancelled, Clock()).top_up(kazoo_account_id, account, 1, reference="r", now=NOW)
    assert ledger.reconcile(kazoo_account_id, account) == []
    assert [entry.amount_micros for entry in ledger.entries(kazoo_account_id, account)] == [5_000_000, 1]


def test_the_budget_ends(ledger: DynamoDBLedger, kazoo_account_id: str, account: str) -> None:
    """A table that stays busy is given up on in time for an answer to KAZOO."""
    clock = Clock()
    with pytest.raises(StoreUnavailableError, match="stayed too busy"):
        troubled(ledger, BUSY * 100, clock).authorize(kazoo_account_id, account, REQUEST, NOW)
    assert 2.0 <= clock.now < 2.5


@pytest.mark.parametrize(
    "failure",
    [
        ConnectTimeoutError(endpoint_url="x"),
        error("AccessDeniedException"),
        error("TransactionCanceledException", "ValidationError"),
    ],
)
def test_what_another_try_would_not_mend(
    ledger: DynamoDBLedger, kazoo_account_id: str, account: str, failure: Exception
) -> None:
    """A store out of reach, or one that refuses us, is said at once."""
    clock = Clock()
    with pytest.raises(StoreUnavailableError):
        troubled(ledger, [failure], clock).top_up(kazoo_account_id, account, 1, reference="r", now=NOW)
    assert clock.now == 0


def test_a_throttled_read_is_asked_again(ledger: DynamoDBLedger, kazoo_account_id: str, account: str) -> None:
    """Reads are throttled too: a few tries, then the store is unavailable."""
    reads, throttled = frozenset({"get_item"}), error("ThrottlingException")
    found = troubled(ledger, [throttled] * 2, Clock(), reads).account(kazoo_account_id, account)
    assert found is not None
    with pytest.raises(StoreUnavailableError):
        troubled(ledger, [throttled] * 9, Clock(), reads).authorize(kazoo_account_id, account, REQUEST, NOW)
