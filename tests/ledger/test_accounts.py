"""Accounts and their entries on the emulator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pivot_app.ledger import (
    Account,
    AccountExistsError,
    AccountNotFoundError,
    Controls,
    DynamoDBLedger,
    InvalidAmountError,
    ReferenceConflictError,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [1.5, "5", True, None])
@pytest.mark.parametrize("field", ["credited_micros", "spent_micros", "credit_limit_micros"])
def test_money_is_an_integer(field: str, wrong: Any) -> None:
    """Nothing else becomes an account, however it is written."""
    given: Any = {field: wrong}
    with pytest.raises(InvalidAmountError, match=f"{field} is .*; give an integer, in millionths"):
        Account("a" * 32, "1001", "USD", **given)
    limits: Any = {"max_call_seconds": 1.5}
    with pytest.raises(InvalidAmountError, match="max_call_seconds"):
        Controls(**limits)


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
