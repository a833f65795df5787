"""Prepaid accounts: authorize, hold, settle. Integers only, time comes in as an argument.

available + held + spent = credited, always. The domain is pure; `DynamoDBLedger` is its one adapter.
"""

from ledger._account import Account, Controls, Entry, Hold, Posting, hold_id_for
from ledger._errors import (
    AccountExistsError,
    AccountNotFoundError,
    HoldConflictError,
    InvalidAmountError,
    LedgerError,
    ReferenceConflictError,
    StoreUnavailableError,
)
from ledger._rates import Rate, RateTable

__all__ = [
    "Account",
    "AccountExistsError",
    "AccountNotFoundError",
    "Controls",
    "DynamoDBLedger",
    "Entry",
    "Hold",
    "HoldConflictError",
    "InvalidAmountError",
    "LedgerError",
    "Posting",
    "Rate",
    "RateTable",
    "ReferenceConflictError",
    "StoreUnavailableError",
    "hold_id_for",
]


def __getattr__(name: str) -> object:
    """Import the adapter only where it is used: the pure domain needs no botocore."""
    if name == "DynamoDBLedger":
        from ledger._dynamodb import DynamoDBLedger

        return DynamoDBLedger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
