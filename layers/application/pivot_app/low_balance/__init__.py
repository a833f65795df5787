"""Tells the operator's own system that an account runs low, and books the top-up in its answer.

A signed webhook, once for each time an account runs low, sent again until it is taken:

    POST {url of the parameter {prefix}/notices/{kazoo_account_id}}
    X-Pivot-Event-Id: low-…           the same when it is sent again
    X-Pivot-Timestamp: 1795603711     epoch seconds, when it was sent
    X-Pivot-Signature: v1=…           HMAC-SHA-256, in hex, of "{timestamp}.{body}" with the parameter's key

    {"event": "low_balance", "account_id": "1001", "remaining_micros": …, "auto_top_up_micros": …, …}

Any status of 200 to 299 takes it. An answer of {"top_up": {"amount": "25.00", "reference": "payment-7"}} is
booked at once, as far as the account's `auto_top_up_micros` allows, and once by its reference.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pivot_app.low_balance._sender import (
    Endpoint,
    NoticeRefusedError,
    NoticeSender,
    TopUpRefusedError,
    parameter_name,
    signature,
)
from pivot_app.low_balance._watch import LowBalanceWatch, Notice, is_low, remaining_micros

__all__ = [
    "Endpoint",
    "LowBalanceWatch",
    "Notice",
    "NoticeRefusedError",
    "NoticeSender",
    "TopUpRefusedError",
    "deployed_sender",
    "is_low",
    "parameter_name",
    "remaining_micros",
    "signature",
]

if TYPE_CHECKING:
    from pivot_app.low_balance._bootstrap import deployed_sender


if not TYPE_CHECKING:  # type checkers know every name from above, and no other

    def __getattr__(name: str) -> object:
        """Import what needs AWS where it is used."""
        if name == "deployed_sender":
            return import_module("pivot_app.low_balance._bootstrap").deployed_sender
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Show what the package offers."""
        return sorted(__all__)
