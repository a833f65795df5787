"""The Pivot contract: one request in, one answer out, whatever fails.

A callback is a handler of a few lines:

    @callback(fallback=try_again_later)
    def handler(call: Call) -> Flow:
        return tts("Hello") >> user(id=...)

`handler` is then the Lambda function: parsed, authenticated, answered in time, valid on the account's KAZOO.
"""

from __future__ import annotations

from kazoo_pivot._accounts import AccountDirectory, DebugSettings, KazooAccount, token_digest
from kazoo_pivot._call import Call
from kazoo_pivot._callback import Callback, callback
from kazoo_pivot._envelope import Envelope
from kazoo_pivot._errors import (
    InvalidFlow,
    MalformedRequest,
    Misconfigured,
    NotAuthenticated,
    OutOfTime,
    PivotError,
    StateRefused,
    StoreUnavailable,
)
from kazoo_pivot._request import PivotRequest

__all__ = [
    "AccountDirectory",
    "Call",
    "Callback",
    "DebugSettings",
    "Envelope",
    "InvalidFlow",
    "KazooAccount",
    "MalformedRequest",
    "Misconfigured",
    "NotAuthenticated",
    "OutOfTime",
    "PivotError",
    "PivotRequest",
    "StateRefused",
    "StoreUnavailable",
    "callback",
    "token_digest",
]
