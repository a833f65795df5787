"""Identify caller: checks the account number and PIN that `account_balance` asked for.

Three tries, counted in the signed state. A success remembers the account under the Call-ID and goes back
to the balance. Wrong PINs are also counted per account over all calls, so that PINs can not be tried out
call by call.
"""

from __future__ import annotations

from kazoo_callflow import Flow, flush_dtmf, hangup
from kazoo_pivot import Call
from pivot_app import aws, speech
from pivot_app.bootstrap import callback
from pivot_app.identity import (
    ACCOUNT_NUMBER,
    MAX_TRIES,
    PIN,
    PinFailures,
    Profile,
    ask_for_credentials,
    pin_matches,
)
from pivot_app.ledger import DynamoDBLedger
from pivot_app.settings import settings


@callback(fallback=speech.try_again_later, entry=False, sensitive_collections=(PIN,))
def handler(call: Call) -> Flow:
    """Back to the balance, or the question once more, or goodbye."""
    account_id, pin = call.digits.get(ACCOUNT_NUMBER, ""), call.digits.get(PIN, "")
    tries = int(call.signed.get("tries", 0)) + 1
    refusal = check(call, account_id, pin)
    call.explain("credentials", tries=tries, refused=refusal or "no")
    if refusal is None:
        # KAZOO sends every collection again with each request of the call: forget the PIN first.
        return flush_dtmf(collection_name=PIN) >> call.next("/account_balance", account_id=account_id)
    if tries < MAX_TRIES and refusal != "locked":
        return speech.say(refusal, call.language) >> ask_for_credentials(call, tries)
    last = "locked" if refusal == "locked" else "too_many_tries"
    return speech.say(last, call.language) >> speech.say("goodbye", call.language) >> hangup()


def check(call: Call, account_id: str, pin: str) -> str | None:
    """None when the pair is right, else the sentence to say."""
    if not account_id or not pin:
        return "nothing_entered"
    dynamodb, table = aws.client("dynamodb"), settings().accounts_table
    account = None
    if account_id.isascii() and account_id.isdigit():
        account = DynamoDBLedger(dynamodb, table).account(call.account_id, account_id)
    profile = Profile.from_item(account.profile) if account else Profile()
    now = int(call.now.timestamp())
    if profile.locked(now):
        return "locked"
    # An account that does not exist costs the same time: it can not be told from one with another PIN.
    if pin_matches(pin, profile.pin):
        return None
    if account is not None:
        PinFailures(dynamodb, table).record(call.account_id, account_id, profile, now)
    return "wrong_credentials"
