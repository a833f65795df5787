"""Prepaid accounts: authorize, hold, settle. Integers only, time comes in as an argument.

available + held + spent = credited, always. The domain is pure; `DynamoDBLedger` is its one adapter.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pivot_app.aws.cache import Cache
from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.ledger._account import Account, Controls, Entry, Hold, Posting, hold_id_for
from pivot_app.ledger._decide import (
    CallRequest,
    Reason,
    Refusal,
    authorize,
    expire,
    extend,
    settle,
)
from pivot_app.ledger._destinations import Destination, FreeCall, free_call, is_emergency
from pivot_app.ledger._errors import (
    AccountExistsError,
    AccountNotFoundError,
    CurrencyChangedError,
    HoldConflictError,
    InvalidAmountError,
    InvalidWebhookError,
    ItemTooLargeError,
    LedgerError,
    PlanChangedError,
    PlanNotFoundError,
    ReferenceConflictError,
)
from pivot_app.ledger._legs import Bill, Leg, bill, kazoo_account_of, leg_of, signed_by
from pivot_app.ledger._rates import Rate, RateTable

__all__ = [
    "WAIT_SECONDS",
    "Account",
    "AccountExistsError",
    "AccountNotFoundError",
    "Authorized",
    "Bill",
    "Cache",
    "CallControl",
    "CallRequest",
    "Closed",
    "Controls",
    "CurrencyChangedError",
    "Destination",
    "DynamoDBLedger",
    "Entry",
    "FreeCall",
    "Hold",
    "HoldConflictError",
    "InvalidAmountError",
    "InvalidWebhookError",
    "ItemTooLargeError",
    "LedgerError",
    "Leg",
    "PlanChangedError",
    "PlanNotFoundError",
    "Posting",
    "Rate",
    "RateTable",
    "Reason",
    "ReferenceConflictError",
    "Refusal",
    "RunsOut",
    "Settled",
    "Settlement",
    "StoreUnavailableError",
    "WebhookDoor",
    "authorize",
    "bill",
    "expire",
    "extend",
    "free_call",
    "hold_id_for",
    "is_emergency",
    "kazoo_account_of",
    "leg_of",
    "settle",
    "signed_by",
]


if TYPE_CHECKING:
    from pivot_app.ledger._control import CallControl, RunsOut
    from pivot_app.ledger._dynamodb import Authorized, Closed, DynamoDBLedger
    from pivot_app.ledger._settlement import WAIT_SECONDS, Settled, Settlement
    from pivot_app.ledger._webhooks import WebhookDoor

_ADAPTERS = {
    "Authorized": "_dynamodb",
    "CallControl": "_control",
    "Closed": "_dynamodb",
    "DynamoDBLedger": "_dynamodb",
    "RunsOut": "_control",
    "Settled": "_settlement",
    "Settlement": "_settlement",
    "WebhookDoor": "_webhooks",
    "WAIT_SECONDS": "_settlement",
}


def __getattr__(name: str) -> object:
    """Import an adapter only where it is used: the pure domain needs no botocore."""
    if name in _ADAPTERS:
        return getattr(import_module(f"pivot_app.ledger.{_ADAPTERS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
