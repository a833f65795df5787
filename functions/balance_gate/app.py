"""Balance gate: holds money for a call before it is made, says how long it may last, and lets it go on.

The voice_url's query says what the operator wants:

    account=1001             whose balance; else the account this call was identified for, else the caller's
    connect=resources        where the call goes on: resources, user, device or callflow
    id=32HEX                 of the user, device or callflow
    failed=32HEX             a callflow for a call that does not get through; else the caller is told why
    announce=balance,minutes what is spoken first; `none` for nothing
    top_up=MENU              a menu offered to a caller without enough money
    bill=b                   the leg to bill: `b`, the conversation, or `a`, the caller's whole call
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Mapping
from functools import cache

from botocore.exceptions import BotoCoreError, ClientError

import prompts
from callers import DynamoDBCallers, Profile, e164
from callflow import Flow, callflow, device, hangup, resources, set_variables, user
from ledger import (
    Account,
    AccountNotFoundError,
    Authorized,
    Cache,
    CallRequest,
    Destination,
    DynamoDBLedger,
    HoldConflictError,
    Refusal,
    StoreUnavailableError,
)
from pivot import Call, Misconfigured, aws, callback
from pivot.observability import emit_metrics
from pivot.settings import settings

BUDGET_SECONDS = 1.5
RING_SECONDS = 30
PHONES = {"user": user, "device": device}
CONNECTIONS = ("resources", "callflow", *PHONES)
# KAZOO 4.3: the hang-up causes a child can be named after.
SENTENCES = (
    dict.fromkeys(("USER_BUSY", "CALL_REJECTED"), "number_busy")
    | dict.fromkeys(("NO_ANSWER", "NO_USER_RESPONSE"), "number_no_answer")
    | dict.fromkeys(
        (
            "INCOMPATIBLE_DESTINATION",
            "INVALID_NUMBER_FORMAT",
            "NETWORK_OUT_OF_ORDER",
            "NORMAL_TEMPORARY_FAILURE",
            "NO_ROUTE_DESTINATION",
            "RECOVERY_ON_TIMER_EXPIRE",
            "SUBSCRIBER_ABSENT",
            "UNALLOCATED_NUMBER",
            "UNSPECIFIED",
        ),
        "number_failed",
    )
)


@callback(fallback=prompts.try_again_later)
def handler(call: Call) -> Flow:
    """The call, with its money held; or why it can not be made."""
    check(call.query)
    try:
        account_id = account_of(call)
        if account_id is None:
            return refuse(call, "unknown_account")
        destination = Destination.parse(call.request_user, call.account.region)
        request = CallRequest(call.call_id, destination, "a" if call.query.get("bill") == "a" else "b")
        decision = ledger().authorize(call.account_id, account_id, request, call.now)
    except AccountNotFoundError:
        return refuse(call, "unknown_account")
    except HoldConflictError:
        return refuse(call, "conflict")
    except (StoreUnavailableError, BotoCoreError, ClientError):
        return without_store(call)
    if isinstance(decision, Refusal):
        return refuse(call, decision.reason, decision.account)
    try:
        return admit(call, decision)
    except Exception:
        # A call that is not made must not keep the money until it expires.
        ledger().void(call.account_id, account_id, decision.hold.hold_id, call.now)
        raise


def check(query: Mapping[str, str]) -> None:
    """Refuse a voice_url that could only fail after money is held."""
    kind = query.get("connect", "resources")
    if kind not in CONNECTIONS:
        raise Misconfigured(f"voice_url parameter connect: use one of {', '.join(CONNECTIONS)}")
    if kind != "resources" and not query.get("id"):
        raise Misconfigured(f"voice_url parameter id: connect={kind} needs the id of a {kind}")


def admit(call: Call, decision: Authorized) -> Flow:
    """The balance and the minutes, then the call."""
    hold, account = decision.hold, decision.account
    emit_metrics("balance_gate", {"CallsAdmitted": 1}, {})
    call.explain("gate", admitted=True, seconds=hold.held_seconds, held_micros=hold.hold_micros)
    announced = call.query.get("announce", "balance,minutes").split(",")
    language = language_of(call, account)
    flow = set_variables(custom_application_vars={"hold_id": hold.hold_id}) >> connect(call, language)
    if "minutes" in announced:
        flow = say_minutes(hold.held_seconds, language) >> flow
    if "balance" in announced:
        money = prompts.money(decision.available_before_micros(call.now), account.currency, language)
        flow = prompts.say("balance", language, money=money) >> flow
    return flow


def refuse(call: Call, reason: str, account: Account | None = None) -> Flow:
    """The reason in words, then a menu to top up where there is one."""
    emit_metrics("balance_gate", {"CallsRefused": 1}, {}, reason)
    call.explain("gate", admitted=False, reason=reason)
    language = language_of(call, account)
    money = prompts.money(account.available_micros(call.now), account.currency, language) if account else ""
    spoken = prompts.say(f"refused_{reason}", language, money=money)
    menu = call.query.get("top_up")
    if account and menu and reason == "insufficient_funds":
        return spoken >> call.next("/menu", query={"menu": menu}, carry={"account": account.account_id})
    return spoken >> prompts.say("goodbye", language) >> hangup()


def without_store(call: Call) -> Flow:
    """What is done while the balance can not be known: refuse, or let some calls through unbilled."""
    if unbilled_call_allowed(time.monotonic()):
        emit_metrics("balance_gate", {"StoreDownAllowed": 1}, {})
        call.explain("gate", admitted=True, reason="store_down", billed=False)
        return set_variables(custom_application_vars={"unbilled": "store_down"}) >> connect(
            call, call.language
        )
    emit_metrics("balance_gate", {"StoreDownRefused": 1}, {})
    call.explain("gate", admitted=False, reason="store_down")
    return prompts.try_again_later(call.language)


def connect(call: Call, language: str) -> Flow:
    """Where the call goes on, with a way on for every way it can fail."""
    kind, target, failed = (
        call.query.get("connect", "resources"),
        call.query.get("id"),
        call.query.get("failed"),
    )

    def otherwise(sentence: str) -> Flow:
        return callflow(failed) if failed else prompts.say(sentence, language) >> hangup()

    if kind == "callflow":
        return callflow(target).otherwise(otherwise("number_failed"))
    flow = resources() if kind == "resources" else PHONES[kind](target, timeout=RING_SECONDS)
    for cause, sentence in SENTENCES.items():
        flow = flow.on(cause, otherwise(sentence))
    # KAZOO 4.3 and 5: `resources` that fails runs no wildcard child, only one named after the cause.
    return flow if kind == "resources" else flow.otherwise(otherwise("number_failed"))


def say_minutes(seconds: int, language: str) -> Flow:
    """How long the call may last; a part of a minute is not promised."""
    minutes = seconds // 60
    if minutes > 1:
        return prompts.say("talk_minutes", language, minutes=prompts.number(minutes, language))
    return prompts.say("talk_one_minute" if minutes else "talk_seconds", language)


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


def language_of(call: Call, account: Account | None) -> str:
    """The customer's language, else the call's."""
    return (Profile.from_item(account.profile).language if account else None) or call.language


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
