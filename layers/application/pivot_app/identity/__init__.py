"""Identifies the caller and the account, and checks PINs; every callback uses this package.

    caller = identity.of(call)
    caller.account, caller.balance, caller.value("caller", "name", "en"), caller.log_in("1001", "8305")

docs/identity.md says what each kind of proof is worth.
"""

from pivot_app.identity._attempts import (
    FAILURES_AN_HOUR,
    FIRST_WAIT_SECONDS,
    FREE_TRIES,
    DynamoDBPinAttempts,
    PinAttempts,
    Tries,
)
from pivot_app.identity._balance import (
    Balance,
    BalanceSource,
    BalanceSources,
    BalanceUnavailableError,
)
from pivot_app.identity._balance_sources import balance_sources, http_source_from_parameter
from pivot_app.identity._bootstrap import of
from pivot_app.identity._context import (
    CallerContext,
    CallerDirectory,
    Identified,
    IdentityPorts,
    Proof,
    caller_keys,
    identify,
)
from pivot_app.identity._credentials import (
    ACCOUNT_NUMBER,
    MAX_TRIES,
    PIN,
    ask_for_credentials,
    check_credentials,
)
from pivot_app.identity._directory import Caller, DynamoDBCallers, user_key
from pivot_app.identity._pin import WeakPinError, check_pin, hash_pin, pin_matches
from pivot_app.identity._profile import Profile, ProfileError, Support
from pivot_app.numbers import country, e164, subscriber

__all__ = [
    "ACCOUNT_NUMBER",
    "FAILURES_AN_HOUR",
    "FIRST_WAIT_SECONDS",
    "FREE_TRIES",
    "MAX_TRIES",
    "PIN",
    "Balance",
    "BalanceSource",
    "BalanceSources",
    "BalanceUnavailableError",
    "Caller",
    "CallerContext",
    "CallerDirectory",
    "DynamoDBCallers",
    "DynamoDBPinAttempts",
    "Identified",
    "IdentityPorts",
    "PinAttempts",
    "Profile",
    "ProfileError",
    "Proof",
    "Support",
    "Tries",
    "WeakPinError",
    "ask_for_credentials",
    "balance_sources",
    "caller_keys",
    "check_credentials",
    "check_pin",
    "country",
    "e164",
    "hash_pin",
    "http_source_from_parameter",
    "identify",
    "of",
    "pin_matches",
    "subscriber",
    "user_key",
]
