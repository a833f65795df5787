"""Live Debug: the recent calls of a KAZOO account, what was asked, what was answered, and why.

`ExchangeStore` reads what `pivot` captured; `answer` serves it, and the page, to whom `authenticate` lets in.
"""

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
