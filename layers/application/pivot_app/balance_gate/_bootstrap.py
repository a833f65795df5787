"""The gate of a deployed instance: the only place that reads its environment."""

from __future__ import annotations

import os
from functools import cache

from pivot_app import aws
from pivot_app.balance_gate._decision import Gate
from pivot_app.balance_gate._store_down import UnbilledCalls
from pivot_app.identity import DynamoDBCallers
from pivot_app.ledger import DynamoDBLedger
from pivot_app.settings import settings

BUDGET_SECONDS = 1.5


@cache
def deployed() -> Gate:
    """Return this instance's gate, with what it remembers of accounts, rates and callers."""
    dynamodb, tables = aws.client("dynamodb"), settings()
    return Gate(
        ledger=DynamoDBLedger(dynamodb, tables.accounts_table, budget_seconds=BUDGET_SECONDS),
        callers=DynamoDBCallers(dynamodb, tables.callers_table),
        unbilled=UnbilledCalls(int(os.environ.get("GATE_STORE_DOWN_CALLS", "0"))),
    )
