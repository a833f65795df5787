"""Prepaid accounts: authorize, hold, settle. Integers only, time comes in as an argument.

available + held + spent = credited, always. The domain is pure; `DynamoDBLedger` is its one adapter.
"""

from typing import TYPE_CHECKING

from ledger._account import Account, Controls, Entry, Hold, Posting, hold_id_for
from ledger._decide import CallRequest, Destination, Reason, Refusal, authorize, expire, extend, settle
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
    "Authorized",
    "CallRequest",
    "Closed",
    "Controls",
    "Destination",
    "DynamoDBLedger",
    "Entry",
    "Hold",
    "HoldConflictError",
    "InvalidAmountError",
    "LedgerError",
    "Posting",
    "Rate",
    "RateTable",
    "Reason",
    "ReferenceConflictError",
    "Refusal",
    "StoreUnavailableError",
    "authorize",
    "expire",
    "extend",
    "hold_id_for",
    "settle",
]


if TYPE_CHECKING:
    from ledger._dynamodb import Authorized, Closed, DynamoDBLedger

_ADAPTER = frozenset({"Authorized", "Closed", "DynamoDBLedger"})


def __getattr__(name: str) -> object:
    """Import the adapter only where it is used: the pure domain needs no botocore."""
    if name in _ADAPTER:
        from ledger import _dynamodb

        return getattr(_dynamodb, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
