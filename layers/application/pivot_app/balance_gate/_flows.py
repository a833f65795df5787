"""The callflows of the gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kazoo_callflow import Flow, callflow, device, hangup, resources, set_variables, user
from kazoo_pivot import Call, Misconfigured
from kazoo_pivot.observability import emit_metrics
from pivot_app import speech
from pivot_app.identity import Profile
from pivot_app.ledger import Account, Authorized

RING_SECONDS = 30
PHONES: Mapping[str, Callable[..., Flow]] = {"user": user, "device": device}
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
        money = speech.money(decision.available_before_micros(call.now), account.currency, language)
        flow = speech.say("balance", language, money=money) >> flow
    return flow


def emergency(call: Call) -> Flow:
    """A call for help: never refused, held up by an announcement, or billed."""
    emit_metrics("balance_gate", {"EmergencyCalls": 1}, {})
    call.explain("gate", admitted=True, reason="emergency", billed=False)
    return set_variables(custom_application_vars={"unbilled": "emergency"}) >> connect(call, call.language)


def refuse(call: Call, reason: str, account: Account | None = None) -> Flow:
    """The reason in words, then a menu to top up where there is one."""
    emit_metrics("balance_gate", {"CallsRefused": 1}, {}, reason)
    call.explain("gate", admitted=False, reason=reason)
    language = language_of(call, account)
    money = speech.money(account.available_micros(call.now), account.currency, language) if account else ""
    spoken = speech.say(f"refused_{reason}", language, money=money)
    menu = call.query.get("top_up")
    if account and menu and reason == "insufficient_funds":
        return spoken >> call.next("/menu", query={"menu": menu}, carry={"account": account.account_id})
    return spoken >> speech.say("goodbye", language) >> hangup()


def connect(call: Call, language: str) -> Flow:
    """Where the call goes on, with a way on for every way it can fail."""
    kind, target, failed = (
        call.query.get("connect", "resources"),
        call.query.get("id"),
        call.query.get("failed"),
    )

    def otherwise(sentence: str) -> Flow:
        return callflow(failed) if failed else speech.say(sentence, language) >> hangup()

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
        return speech.say("talk_minutes", language, minutes=speech.number(minutes, language))
    return speech.say("talk_one_minute" if minutes else "talk_seconds", language)


def language_of(call: Call, account: Account | None) -> str:
    """The customer's language, else the call's."""
    return (Profile.from_item(account.profile).language if account else None) or call.language
