"""Account balance: recognises the caller, speaks the available balance, connects to customer support.

A caller whose number nobody knows is asked for an account number and a PIN; `identify_caller` checks
them and comes back here.
"""

from __future__ import annotations

from kazoo_callflow import Flow, hangup
from kazoo_pivot import Call
from pivot_app import aws, speech
from pivot_app.bootstrap import callback
from pivot_app.identity import Balance, DynamoDBCallers, Profile, ask_for_credentials, balance_sources, e164
from pivot_app.ledger import DynamoDBLedger
from pivot_app.settings import settings

MAX_NAME = 60


@callback(fallback=speech.try_again_later)
def handler(call: Call) -> Flow:
    """The balance in words, then support; or the question who is calling."""
    account_id = identified_account(call)
    if account_id is None:
        return ask_for_credentials(call)

    ledger = DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table)
    account = ledger.account(call.account_id, account_id)
    if account is None:
        call.explain("account", id=account_id, found=False)
        return ask_for_credentials(call)

    profile = Profile.from_item(account.profile)
    language = profile.language or call.language
    spoken = speak(balance_sources().balance(account, profile, call.now), profile, language)
    if profile.support is None:
        return spoken >> speech.say("goodbye", language) >> hangup()
    unavailable = speech.say("support_unavailable", language) >> hangup()
    return spoken >> speech.say("connecting_support", language) >> profile.support.connect(unavailable)


def speak(balance: Balance | None, profile: Profile, language: str) -> Flow:
    """The balance, with its age when the system that keeps it does not answer now."""
    if balance is None:
        return speech.say("balance_unknown", language)
    money = speech.money(balance.available_micros, balance.currency, language)
    if minutes := balance.age_seconds // 60:
        spoken_minutes = speech.number(minutes, language)
        return speech.say("balance_aged", language, money=money, minutes=spoken_minutes)
    if profile.name:
        return speech.say("balance_named", language, name=profile.name[:MAX_NAME], money=money)
    return speech.say("balance", language, money=money)


def identified_account(call: Call) -> str | None:
    """The caller's account: the one they proved to own earlier in this call, or the one of their number."""
    if call.step:
        return call.trusted_cavs.get("account_id")
    number = e164(call.caller_id_number, call.account.region)
    if number is None:
        call.explain("caller", number="not a phone number")
        return None
    callers = DynamoDBCallers(aws.client("dynamodb"), settings().callers_table)
    caller = callers.find(call.account_id, number)
    call.explain("caller", known=caller is not None)
    return caller.account_id if caller else None
