"""The identity of a deployed function, with the stores of its deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pivot_app import aws
from pivot_app.identity._attempts import DynamoDBPinAttempts
from pivot_app.identity._balance_sources import balance_sources
from pivot_app.identity._context import CallerContext, IdentityPorts
from pivot_app.identity._directory import DynamoDBCallers
from pivot_app.ledger import DynamoDBLedger
from pivot_app.settings import settings

if TYPE_CHECKING:
    from kazoo_pivot import Call


def of(call: Call) -> CallerContext:
    """Return the caller behind a call, with the deployment's tables; nothing is read before it is asked."""
    dynamodb, tables = aws.client("dynamodb"), settings()
    return CallerContext(
        call,
        IdentityPorts(
            callers=DynamoDBCallers(dynamodb, tables.callers_table),
            accounts=DynamoDBLedger(dynamodb, tables.accounts_table),
            attempts=DynamoDBPinAttempts(dynamodb, tables.call_state_table),
            balances=balance_sources,
        ),
    )
