"""Live Debug: the recent calls of a KAZOO account, what was asked, what was answered, and why.

`ExchangeStore` reads what `pivot` captured; `answer` serves it, and the page, to authenticated users.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pivot_app.live_debug._access import (
        ACCOUNTS_CLAIM,
        EVERY_ACCOUNT,
        AccessError,
        Claims,
        Principal,
        authenticate,
        parse_grants,
    )
    from pivot_app.live_debug._api import Service, answer
    from pivot_app.live_debug._filters import FilterError, Filters, number_matches
    from pivot_app.live_debug._narration import narrate
    from pivot_app.live_debug._page import page_file, security_headers
    from pivot_app.live_debug._store import CallLine, ExchangeStore, Page
    from pivot_app.live_debug._views import CallNotFoundError, call_view, calls_view, session_view

_MODULES = {
    "_access": (
        *("ACCOUNTS_CLAIM", "EVERY_ACCOUNT", "AccessError", "Claims", "Principal"),
        *("authenticate", "parse_grants"),
    ),
    "_api": ("Service", "answer"),
    "_filters": ("FilterError", "Filters", "number_matches"),
    "_narration": ("narrate",),
    "_page": ("page_file", "security_headers"),
    "_store": ("CallLine", "ExchangeStore", "Page"),
    "_views": ("CallNotFoundError", "call_view", "calls_view", "session_view"),
}

__all__ = [
    "ACCOUNTS_CLAIM",
    "EVERY_ACCOUNT",
    "AccessError",
    "CallLine",
    "CallNotFoundError",
    "Claims",
    "ExchangeStore",
    "FilterError",
    "Filters",
    "Page",
    "Principal",
    "Service",
    "answer",
    "authenticate",
    "call_view",
    "calls_view",
    "narrate",
    "number_matches",
    "page_file",
    "parse_grants",
    "security_headers",
    "session_view",
]


if not TYPE_CHECKING:  # type checkers know every name from above, and no other

    def __getattr__(name: str) -> object:
        """Import what reads and shows where it is used: callbacks only record."""
        for module, names in _MODULES.items():
            if name in names:
                return getattr(import_module(f"pivot_app.live_debug.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Show what the package offers."""
        return sorted(__all__)
