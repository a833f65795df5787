"""Who is calling: a phone number, or an account number and a PIN, to a customer's account."""

from callers._balance import (
    Balance,
    BalanceSource,
    BalanceSources,
    BalanceUnavailableError,
    balance_sources,
    http_source_from_parameter,
)
from callers._credentials import ACCOUNT_NUMBER, MAX_TRIES, PIN, ask_for_credentials
from callers._directory import Caller, DynamoDBCallers, PinFailures
from callers._numbers import country, e164
from callers._pin import LOCK_SECONDS, MAX_PIN_FAILURES, hash_pin, pin_matches
from callers._profile import Profile, ProfileError, Support

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
