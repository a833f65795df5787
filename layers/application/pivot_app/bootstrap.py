"""Wires the application: gives every callback the adapters of this deployment.

A function says `from pivot_app.bootstrap import callback` and knows nothing of stores.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import kazoo_pivot
from kazoo_pivot import Adapters
from pivot_app import aws
from pivot_app.call_state import DynamoDBCallStates
from pivot_app.settings import Settings, settings
from pivot_app.tenants import KeyRing, OldTokens, TenantDirectory, TenantStore

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call, Callback, Recorder

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Imported objects stay. Collecting garbage among them takes a tenth of a cold start.
    gc.set_threshold(50_000, 20, 20)

SENSITIVE_COLLECTIONS = ("sensitive", "default")
"""Never stored by any callback: digits of menus' sensitive questions, and digits typed after the end of one.

KAZOO sends every collection to every callback of a call, and 4.3 before December 2023 also flushed ones.
"""


def adapters() -> Adapters:
    """Return the adapters of this process, made on first use and when its settings were read again."""
    given, dynamodb = settings(), aws.client("dynamodb")
    made = _made.get("now")
    if made is None or made[0] is not given or made[1] is not dynamodb:
        made = _made["now"] = (given, dynamodb, _make(given, dynamodb))
    return made[2]


_made: dict[str, tuple[Settings, Any, Adapters]] = {}


def _make(given: Settings, dynamodb: Any) -> Adapters:
    # These take a third of a second to make: better while a function starts than in a call.
    aws.client("ssm")
    has_states = given.has_table("CALL_STATE_TABLE")
    return Adapters(
        tenants=tenants(),
        call_states=DynamoDBCallStates(dynamodb, given.call_state_table) if has_states else None,
        recorder=_recorder(given.exchanges_table) if given.has_table("EXCHANGES_TABLE") else None,
        public_url=given.public_url,
        translate=aws.translate,
        sensitive_collections=frozenset(SENSITIVE_COLLECTIONS),
    )


def tenants() -> TenantDirectory:
    """Return this process's directory of tenants, made on first use and when its settings were read again."""
    given = settings()
    found = _directories.get("now")
    if found is None or found[0] is not given:
        # The keys of the stage and the old tokens are asked for apart: other lifetimes, other policies.
        keys = KeyRing(parameters())
        old = OldTokens(_store, aws.Parameters(lambda: aws.client("ssm"), given.parameter_prefix))
        found = _directories["now"] = (given, TenantDirectory(_store, keys, old))
    return found[1]


def forget_call(kazoo_account_id: str, call_id: str, *, until_ms: int) -> None:
    """Forget what callbacks keep of the calls with this Call-ID that began until then.

    Their steps are refused from now on; a later call with the same Call-ID has a state of its own.
    """
    states = DynamoDBCallStates(aws.client("dynamodb"), settings().call_state_table)
    states.forget(kazoo_account_id, call_id, until_ms=until_ms)


def parameters() -> aws.Parameters:
    """Return a reader of this stage's secrets; what it remembers is its own."""
    return aws.Parameters(lambda: aws.client("ssm"), settings().parameter_prefix)


def _store() -> TenantStore:
    return TenantStore(aws.client("dynamodb"), settings().tenants_table)


_directories: dict[str, tuple[Settings, TenantDirectory]] = {}


def _recorder(table: str) -> Recorder:
    from pivot_app.live_debug.recorder import DynamoDBRecorder

    return DynamoDBRecorder(lambda: aws.client("dynamodb"), table)


def callback(
    *,
    fallback: Flow | Callable[[str], Flow],
    name: str = "",
    entry: bool = True,
    once: bool = False,
    replays: bool = True,
    sensitive_collections: Iterable[str] = (),
    debug: bool = True,
    without_tenants: Callable[[Call], Flow] | None = None,
) -> Callable[[Callable[[Call], Flow]], Callback]:
    """Turn `handler(call) -> Flow` into a Lambda function of this deployment; see `kazoo_pivot.callback`."""
    return kazoo_pivot.callback(
        adapters=adapters,
        fallback=fallback,
        name=name,
        entry=entry,
        once=once,
        replays=replays,
        sensitive_collections=sensitive_collections,
        debug=debug,
        without_tenants=without_tenants,
    )
