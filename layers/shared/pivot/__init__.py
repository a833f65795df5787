"""The Pivot contract: one request in, one answer out, whatever fails.

A callback is a handler of a few lines:

    @callback(fallback=try_again_later)
    def handler(call: Call) -> Flow:
        return tts("Hello") >> user(id=...)

`handler` is then the Lambda function: parsed, authenticated, answered in time, valid on the account's KAZOO.
"""

from __future__ import annotations

from pivot._accounts import AccountDirectory, DebugSettings, KazooAccount, token_digest
from pivot._call import Call
from pivot._callback import Callback, callback
from pivot._envelope import Envelope
from pivot._errors import (
    InvalidFlow,
    MalformedRequest,
    Misconfigured,
    NotAuthenticated,
    OutOfTime,
    PivotError,
    StateRefused,
    StoreUnavailable,
)
from pivot._request import PivotRequest

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
