"""Prepaid accounts: authorize, hold, settle. Integers only, time comes in as an argument.

available + held + spent = credited, always. The domain is pure; `DynamoDBLedger` is its one adapter.

    _authorization, _bill, _family, _events, _settling   decide, and know no table
    _movements                                           each change of an account, described once
    _accounts, _dynamodb, _leg_store, _settlement        do it on the accounts table
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pivot_app.aws.cache import Cache
from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.ledger._account import Account, Controls, Entry, Hold, LegCharge
from pivot_app.ledger._authorization import CallRequest, Reason, Refusal, authorize, extend, rate_for
from pivot_app.ledger._bill import QUIET_SECONDS, bill
from pivot_app.ledger._cdrs import end_of_cdr
from pivot_app.ledger._charges import Bill, Charge
from pivot_app.ledger._destinations import Destination, FreeCall, free_call, is_emergency
from pivot_app.ledger._errors import (
    AccountExistsError,
    AccountNotFoundError,
    CurrencyChangedError,
    HeldMoneyError,
    InvalidAmountError,
    InvalidWebhookError,
    ItemTooLargeError,
    LedgerError,
    PlanChangedError,
    PlanNotFoundError,
    ReferenceConflictError,
)
from pivot_app.ledger._events import LegEvent, event_of, kazoo_account_of
from pivot_app.ledger._family import MAX_SKEW_SECONDS, Family, families
from pivot_app.ledger._movements import after, call_settled, hold_made
from pivot_app.ledger._rates import Rate, RateTable
from pivot_app.ledger._settling import Priced, price
from pivot_app.ledger._signatures import signature_of

__all__ = [
    "MAX_SKEW_SECONDS",
    "QUIET_SECONDS",
    "WAIT_SECONDS",
    "Account",
    "AccountExistsError",
    "AccountNotFoundError",
    "Authorized",
    "BalanceExhausted",
    "Bill",
    "Booked",
    "Cache",
    "CallControl",
    "CallRequest",
    "Charge",
    "Controls",
    "CurrencyChangedError",
    "Destination",
    "DynamoDBLedger",
    "Entry",
    "Family",
    "FreeCall",
    "HeldMoneyError",
    "Hold",
    "InvalidAmountError",
    "InvalidWebhookError",
    "ItemTooLargeError",
    "KazooCalls",
    "LedgerError",
    "LegCharge",
    "LegEvent",
    "PlanChangedError",
    "PlanNotFoundError",
    "Priced",
    "Problem",
    "Rate",
    "RateTable",
    "Reason",
    "Record",
    "ReferenceConflictError",
    "Refusal",
    "Settled",
    "Settlement",
    "StoreUnavailableError",
    "Unresolved",
    "Version",
    "WebhookAuthenticator",
    "after",
    "authorize",
    "bill",
    "call_settled",
    "end_of_cdr",
    "event_of",
    "extend",
    "families",
    "free_call",
    "hold_made",
    "is_emergency",
    "kazoo_account_of",
    "price",
    "rate_for",
    "signature_of",
]


if TYPE_CHECKING:
    from pivot_app.ledger._control import BalanceExhausted, CallControl
    from pivot_app.ledger._dynamodb import Authorized, Booked, DynamoDBLedger, Record
    from pivot_app.ledger._leg_store import Problem
    from pivot_app.ledger._outcome import KazooCalls, Settled, Unresolved
    from pivot_app.ledger._settlement import WAIT_SECONDS, Settlement
    from pivot_app.ledger._versions import Version
    from pivot_app.ledger._webhooks import WebhookAuthenticator

_ADAPTERS = {
    "Authorized": "_dynamodb",
    "Booked": "_dynamodb",
    "CallControl": "_control",
    "DynamoDBLedger": "_dynamodb",
    "KazooCalls": "_outcome",
    "Problem": "_leg_store",
    "Record": "_dynamodb",
    "BalanceExhausted": "_control",
    "Settled": "_outcome",
    "Settlement": "_settlement",
    "Unresolved": "_outcome",
    "Version": "_versions",
    "WAIT_SECONDS": "_settlement",
    "WebhookAuthenticator": "_webhooks",
}


if not TYPE_CHECKING:  # type checkers know every name from above, and no other

    def __getattr__(name: str) -> object:
        """Import an adapter only where it is used: the pure domain needs no botocore."""
        if name in _ADAPTERS:
            return getattr(import_module(f"pivot_app.ledger.{_ADAPTERS[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Show what the package offers."""
        return sorted(__all__)
