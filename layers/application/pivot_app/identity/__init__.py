"""Who is calling: a phone number, or an account number and a PIN, to a customer's account."""

from pivot_app.identity._balance import (
    Balance,
    BalanceSource,
    BalanceSources,
    BalanceUnavailableError,
    balance_sources,
    http_source_from_parameter,
)
from pivot_app.identity._credentials import ACCOUNT_NUMBER, MAX_TRIES, PIN, ask_for_credentials
from pivot_app.identity._directory import Caller, DynamoDBCallers, PinFailures
from pivot_app.identity._numbers import country, e164
from pivot_app.identity._pin import LOCK_SECONDS, MAX_PIN_FAILURES, hash_pin, pin_matches
from pivot_app.identity._profile import Profile, ProfileError, Support

__all__ = [
    "ACCOUNT_NUMBER",
    "LOCK_SECONDS",
    "MAX_PIN_FAILURES",
    "MAX_TRIES",
    "PIN",
    "Balance",
    "BalanceSource",
    "BalanceSources",
    "BalanceUnavailableError",
    "Caller",
    "DynamoDBCallers",
    "PinFailures",
    "Profile",
    "ProfileError",
    "Support",
    "ask_for_credentials",
    "balance_sources",
    "country",
    "e164",
    "hash_pin",
    "http_source_from_parameter",
    "pin_matches",
]
