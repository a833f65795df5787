"""Balance gate: holds money for a call before it is made, says how long it may last, and lets it go on.

The package `gate` says what the query of its voice_url may hold.
"""

from __future__ import annotations

import os
import time
from collections import deque
from functools import cache

from botocore.exceptions import BotoCoreError, ClientError

from kazoo_callflow import Flow, set_variables
from kazoo_pivot import Call, aws, callback
from kazoo_pivot.observability import emit_metrics
from kazoo_pivot.settings import settings
from pivot_app import balance_gate, speech
from pivot_app.identity import DynamoDBCallers, e164
from pivot_app.ledger import (
    AccountNotFoundError,
    Cache,
    CallRequest,
    Destination,
    DynamoDBLedger,
    HoldConflictError,
    Refusal,
    StoreUnavailableError,
    is_emergency,
)

BUDGET_SECONDS = 1.5


@callback(fallback=speech.try_again_later)
def handler(call: Call) -> Flow:
    """The call, with its money held; or why it can not be made."""
    balance_gate.check(call.query)
    if is_emergency(call.request_user, call.account.region):
        return balance_gate.emergency(call)
    try:
        account_id = account_of(call)
        if account_id is None:
            return balance_gate.refuse(call, "unknown_account")
        destination = Destination.parse(call.request_user, call.account.region)
        request = CallRequest(call.call_id, destination, "a" if call.query.get("bill") == "a" else "b")
        decision = ledger().authorize(call.account_id, account_id, request, call.now)
    except AccountNotFoundError:
        return balance_gate.refuse(call, "unknown_account")
    except HoldConflictError:
        return balance_gate.refuse(call, "conflict")
    except (StoreUnavailableError, BotoCoreError, ClientError):
        return without_store(call)
    if isinstance(decision, Refusal):
        return balance_gate.refuse(call, decision.reason, decision.account)
    try:
        return balance_gate.admit(call, decision)
    except Exception:
        # A call that is not made must not keep the money until it expires.
        ledger().void(call.account_id, account_id, decision.hold.hold_id, call.now)
        raise


def without_store(call: Call) -> Flow:
    """What is done while the balance can not be known: refuse, or let some calls through unbilled."""
    if unbilled_call_allowed(time.monotonic()):
        emit_metrics("balance_gate", {"StoreDownAllowed": 1}, {})
        call.explain("gate", admitted=True, reason="store_down", billed=False)
        return set_variables(custom_application_vars={"unbilled": "store_down"}) >> balance_gate.connect(
            call, call.language
        )
    emit_metrics("balance_gate", {"StoreDownRefused": 1}, {})
    call.explain("gate", admitted=False, reason="store_down")
    return speech.try_again_later(call.language)


def account_of(call: Call) -> str | None:
    """Whose balance: the operator's word in the URL, then this call's own, then the caller's number."""
    if named := call.query.get("account"):
        return named
    if call.step and (known := call.carried.get("account") or call.own_state.get("account_id")):
        return str(known)
    number = e164(call.caller_id_number, call.account.region)
    if number is None:
        return None
    key = (call.account_id, number)
    if (account_id := _accounts_of_callers.get(key)) is None:
        caller = DynamoDBCallers(aws.client("dynamodb"), settings().callers_table).find(*key)
        if caller is None:
            return None
        account_id = caller.account_id
        _accounts_of_callers.put(key, account_id)
    return account_id


def unbilled_call_allowed(now_s: float) -> bool:
    """Whether one more call may go through unbilled: so many an hour from each instance, by default none."""
    most = int(os.environ.get("GATE_STORE_DOWN_CALLS", "0"))
    while _unbilled and _unbilled[0] <= now_s - 3600:
        _unbilled.popleft()
    if len(_unbilled) >= most:
        return False
    _unbilled.append(now_s)
    return True


@cache
def ledger() -> DynamoDBLedger:
    """The ledger of this instance, with what it remembers of accounts and rates."""
    return DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=BUDGET_SECONDS)


_accounts_of_callers: Cache[str] = Cache(1000, 60.0)
_unbilled: deque[float] = deque()
