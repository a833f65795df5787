"""The callflows of the gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kazoo_callflow import Flow, callflow, device, hangup, resources, set_variables, user
from kazoo_pivot import Call
from kazoo_pivot.observability import emit_metrics
from pivot_app import speech
from pivot_app.balance_gate._parameters import GateParameters, is_kazoo_id
from pivot_app.identity import Profile
from pivot_app.ledger import Account, Authorized, Destination, FreeCall, Hold, extend

RING_SECONDS = 30
PHONES: Mapping[str, Callable[..., Flow]] = {"user": user, "device": device}
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


def admit(call: Call, parameters: GateParameters, decision: Authorized) -> Flow:
    """Return the balance and the minutes, then the call."""
    hold, account = decision.hold, decision.account
    seconds = talk_seconds(decision, call)
    count(call, "CallsAdmitted", admitted=True, seconds=seconds, held_micros=hold.hold_micros)
    language = language_of(call, account)
    flow = set_variables(custom_application_vars={"hold_id": hold.hold_id}) >> connect(
        parameters, hold.destination, language
    )
    if "minutes" in parameters.announce:
        flow = say_minutes(seconds, language) >> flow
    if "balance" in parameters.announce:
        others = reserved_micros(account, call, hold)
        spoken = speech.balance(
            language,
            _money(account, account.balance_micros),
            reserved=_money(account, others) if others else None,
        )
        flow = spoken.flow() >> flow
    return flow


def free_call(call: Call, kind: FreeCall, number: str) -> Flow:
    """Connect a call for help: it is never refused, delayed by an announcement, or billed.

    It goes to the callflow that the operator names for this gate, else to the carriers, who dial the number.
    """
    metric = "EmergencyCalls" if kind == "emergency" else "HelplineCalls"
    count(call, metric, admitted=True, reason=kind, billed=False)
    target = call.query.get("id", "")
    if call.query.get("connect") == "callflow" and number == call.request_user and is_kazoo_id(target):
        flow = callflow(target).otherwise(_told("number_failed", "", call.language))
    else:
        flow = _carriers(number, "", call.language)
    return set_variables(custom_application_vars={"unbilled": kind}) >> flow


def unbilled(call: Call, parameters: GateParameters, destination: Destination) -> Flow:
    """Return a call that goes on without a look at the money, because the store is unavailable."""
    count(call, "StoreDownAllowed", admitted=True, reason="store_down", billed=False)
    return set_variables(custom_application_vars={"unbilled": "store_down"}) >> connect(
        parameters, destination.number, call.language
    )


def refuse(call: Call, parameters: GateParameters, reason: str, account: Account | None = None) -> Flow:
    """Return the reason in words, then a menu to top up where there is one."""
    count(call, "CallsRefused", reason, admitted=False, reason=reason)
    language = language_of(call, account)
    sentence, amounts = f"refused_{reason}", dict[str, speech.Amount]()
    if account and reason == "insufficient_funds":
        amounts["money"] = _money(account, account.balance_micros)
        if reserved := reserved_micros(account, call):
            sentence, amounts["reserved"] = f"{sentence}_reserved", _money(account, reserved)
    spoken = speech.say(sentence, language, **amounts)
    if account and parameters.top_up and reason == "insufficient_funds":
        return spoken >> call.next(
            "/menu", query={"menu": parameters.top_up}, signed={"account": account.account_id}
        )
    return spoken >> speech.say("goodbye", language) >> hangup()


def connect(parameters: GateParameters, number: str, language: str) -> Flow:
    """Return the flow that connects the call, with a branch for every failure; carriers dial `number`."""
    failed = parameters.failed
    if parameters.connect == "callflow":
        return callflow(parameters.id).otherwise(_told("number_failed", failed, language))
    if parameters.connect == "resources":
        return _carriers(number, failed, language)
    flow = _with_causes(PHONES[parameters.connect](parameters.id, timeout=RING_SECONDS), failed, language)
    return flow.otherwise(_told("number_failed", failed, language))


def _carriers(number: str, failed: str, language: str) -> Flow:
    # Named, so that carriers dial the checked number, whatever KAZOO takes for the dialled number.
    # KAZOO 4.3 and 5: `resources` that fails runs no wildcard child, only one named after the cause.
    return _with_causes(resources(to_did=number), failed, language)


def _with_causes(flow: Flow, failed: str, language: str) -> Flow:
    for cause, sentence in SENTENCES.items():
        flow = flow.on(cause, _told(sentence, failed, language))
    return flow


def _told(sentence: str, failed: str, language: str) -> Flow:
    """Return the callflow for calls that fail, else the sentence that says how."""
    return callflow(failed) if failed else speech.say(sentence, language) >> hangup()


def talk_seconds(decision: Authorized, call: Call) -> int:
    """How long the call may last: what its hold pays for, and what the money pays for when it is extended."""
    hold, account = decision.hold, decision.account
    longest = extend(account, hold, account.controls.max_call_seconds, call.now)
    return longest.held_seconds if isinstance(longest, Hold) else hold.held_seconds


def reserved_micros(account: Account, call: Call, own: Hold | None = None) -> int:
    """Return what other calls of the account hold of its balance."""
    return account.balance_micros - account.available_micros(call.now) - (own.hold_micros if own else 0)


def count(call: Call, metric: str, dimension: str = "", /, **facts: Any) -> None:
    """Count what was decided, and record why for Live Debug."""
    emit_metrics("balance_gate", {metric: 1}, {}, dimension)
    call.explain("gate", **facts)


def _money(account: Account, micros: int) -> speech.Amount:
    return speech.Amount(micros, account.currency)


def say_minutes(seconds: int, language: str) -> Flow:
    """Return how long the call may last; a part of a minute is not promised."""
    minutes = seconds // 60
    if minutes > 1:
        return speech.say("talk_minutes", language, minutes=speech.Minutes(minutes))
    return speech.say("talk_one_minute" if minutes else "talk_seconds", language)


def language_of(call: Call, account: Account | None) -> str:
    """Return the customer's language, else the call's."""
    return (Profile.from_item(account.profile).language if account else None) or call.language
