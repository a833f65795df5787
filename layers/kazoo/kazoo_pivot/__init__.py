"""The Pivot contract: one request in, one answer out, whatever fails.

A callback is a handler of a few lines:

    @callback(fallback=try_again_later)
    def handler(call: Call) -> Flow:
        return tts("Hello") >> user(id=...)

`handler` is then the Lambda function: parsed, authenticated, answered in time, valid on the account's KAZOO.
"""

from kazoo_pivot._account import KazooAccount
from kazoo_pivot._call import Call
from kazoo_pivot._call_key import CallKey
from kazoo_pivot._call_state import KEEP_S, Step, Taken
from kazoo_pivot._callback import Callback, callback
from kazoo_pivot._envelope import Envelope, source_ip
from kazoo_pivot._errors import (
    InvalidFlowError,
    MalformedRequestError,
    MisconfiguredError,
    NotAuthenticatedError,
    OutOfTimeError,
    PivotError,
    StateRefusedError,
    StoreUnavailableError,
)
from kazoo_pivot._ports import Adapters, CallStates, Recorder, Tenants
from kazoo_pivot._request import PivotRequest
from kazoo_pivot._request_context import Outcome, RequestContext
from kazoo_pivot._state_token import StateKeys, StateToken

__all__ = [
    "KEEP_S",
    "Adapters",
    "Call",
    "CallKey",
    "CallStates",
    "Callback",
    "Envelope",
    "InvalidFlowError",
    "KazooAccount",
    "MalformedRequestError",
    "MisconfiguredError",
    "NotAuthenticatedError",
    "OutOfTimeError",
    "Outcome",
    "PivotError",
    "PivotRequest",
    "Recorder",
    "RequestContext",
    "StateKeys",
    "StateRefusedError",
    "StateToken",
    "Step",
    "StoreUnavailableError",
    "Taken",
    "Tenants",
    "callback",
    "source_ip",
]
