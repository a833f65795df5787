"""Checking a balance that lives in someone else's system: the caller's side of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from kazoo_simulator import Simulator
from pivot_app.identity import Caller, DynamoDBCallers, balance_sources
from pivot_app.ledger import Account, DynamoDBLedger
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT
from tests.conftest import Tables
from tests.identity.billing_system import BillingSystem

CALLER = "+14155550157"
PARAMETER = f"/pivot-lambda/local/balance/{KAZOO_ACCOUNT}/billing"


@pytest.fixture
def billing(seeded: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[BillingSystem]:
    """A billing system that keeps the balance of account 7001, on a host that the operator allows."""
    monkeypatch.setenv("PIVOT_ALLOWED_HOSTS", "127.0.0.1")
    system = BillingSystem()
    client = seeded.client("ssm")
    client.put_parameter(
        Name=PARAMETER, Value=json.dumps(system.settings), Type="SecureString", Overwrite=True
    )
    dynamodb = seeded.client("dynamodb")
    ledger = DynamoDBLedger(dynamodb, seeded.names["AccountsTable"])
    if ledger.account(KAZOO_ACCOUNT, "7001") is None:
        profile = {"balance_source": "billing"}
        ledger.create(
            Account(kazoo_account_id=KAZOO_ACCOUNT, account_id="7001", currency="USD", profile=profile)
        )
    callers = DynamoDBCallers(dynamodb, seeded.names["CallersTable"])
    callers.put(KAZOO_ACCOUNT, Caller(number=CALLER, account_id="7001"))
    balance_sources.cache_clear()
    yield system
    system.close()
    balance_sources.cache_clear()


@pytest.mark.parametrize("path", ["/account_balance", "/menu"])
def test_a_caller_hears_the_balance_of_the_other_system(
    kazoo_of: Callable[..., Simulator], billing: BillingSystem, path: str
) -> None:
    """Not the ledger's; by the balance line and by a menu alike."""
    billing.says("42.05")
    call = kazoo_of().call(CALLER, "2000", path=path)
    if path == "/menu":
        call.presses("1")
    call.hears("Your balance is forty-two dollars, five cents.")
    assert billing.asked[0][0] == "/balances/7001"


def test_a_system_that_is_away_costs_the_caller_no_call(
    kazoo_of: Callable[..., Simulator], billing: BillingSystem
) -> None:
    """The caller is told so, and the call goes on."""
    billing.status = 500
    kazoo_of().call(CALLER, "2000", path="/account_balance").hears("not available right now").hears("Goodbye")
