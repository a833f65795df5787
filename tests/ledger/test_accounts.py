"""Accounts and their entries on the emulator."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pivot_app.ledger import (
    Account,
    AccountExistsError,
    AccountNotFoundError,
    DynamoDBLedger,
    ReferenceConflictError,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_an_unknown_account_is_none(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Reading an account that is not there answers None, and posting to it says to create it."""
    assert ledger.account(kazoo_account_id, "1001") is None
    with pytest.raises(AccountNotFoundError, match="create it first"):
        ledger.top_up(kazoo_account_id, "1001", 5, reference="r", now=NOW)


def test_an_account_is_created_once_with_its_profile(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """What was created is read back whole, profile included; a second creation changes nothing."""
    account = Account(kazoo_account_id, "1001", "USD", profile={"name": "Ann", "attributes": {"vip": True}})
    ledger.create(account)
    assert ledger.account(kazoo_account_id, "1001") == account
    with pytest.raises(AccountExistsError):
        ledger.create(Account(kazoo_account_id, "1001", "EUR"))
    assert ledger.account(kazoo_account_id, "1001") == account


def test_a_top_up_counts_once_by_its_reference(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """The same top-up twice is one entry; the same reference with another amount is refused."""
    ledger.create(Account(kazoo_account_id, "1001", "USD"))
    first = ledger.top_up(kazoo_account_id, "1001", 5_000_000, reference="invoice 7", now=NOW)
    again = ledger.top_up(kazoo_account_id, "1001", 5_000_000, reference="invoice 7", now=NOW)
    assert (again.entry_id, again.balance_micros) == (first.entry_id, first.balance_micros)
    with pytest.raises(ReferenceConflictError, match="invoice 7"):
        ledger.top_up(kazoo_account_id, "1001", 6_000_000, reference="invoice 7", now=NOW)
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    assert (account.balance_micros, account.available_micros(NOW)) == (5_000_000, 5_000_000)
    assert len(list(ledger.entries(kazoo_account_id, "1001"))) == 1
