"""The gate of a deployed instance."""

from __future__ import annotations

from functools import cache

from pivot_app import aws
from pivot_app.balance_gate._decision import Gate
from pivot_app.balance_gate._store_down import UnbilledCalls
from pivot_app.identity import DynamoDBCallers
from pivot_app.ledger import DynamoDBLedger
from pivot_app.settings import settings
from pivot_app.settings.balance_gate import BalanceGateSettings

BUDGET_SECONDS = 1.5


@cache
def deployed() -> Gate:
    """Return this instance's gate, with what it remembers of accounts, rates and callers."""
    dynamodb, tables = aws.client("dynamodb"), settings()
    return Gate(
        ledger=DynamoDBLedger(dynamodb, tables.accounts_table, budget_seconds=BUDGET_SECONDS),
        callers=DynamoDBCallers(dynamodb, tables.callers_table),
        unbilled=UnbilledCalls(BalanceGateSettings.from_environment().unbilled_calls),
    )
