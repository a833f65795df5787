"""Live Debug: the recent calls of a KAZOO account, what was asked, what was answered, and why.

`ExchangeStore` reads what `pivot` captured; `answer` serves it, and the page, to whom `viewer` lets in.
"""

from pivot_app.live_debug._access import (
    ACCOUNTS_CLAIM,
    EVERY_ACCOUNT,
    AccessError,
    Claims,
    Viewer,
    parse_grants,
    viewer,
)
from pivot_app.live_debug._api import Service, answer
from pivot_app.live_debug._filters import FilterError, Filters, number_matches
from pivot_app.live_debug._page import page_file, security_headers
from pivot_app.live_debug._store import CallLine, ExchangeStore, Page
from pivot_app.live_debug._told import told
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
    "Service",
    "Viewer",
    "answer",
    "call_view",
    "calls_view",
    "number_matches",
    "page_file",
    "parse_grants",
    "security_headers",
    "session_view",
    "told",
    "viewer",
]
