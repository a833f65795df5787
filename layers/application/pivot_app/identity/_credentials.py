"""Asking a caller for an account number and a PIN, and what their answer opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pivot_app import speech

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.identity._context import CallerContext

ACCOUNT_NUMBER, PIN = "account_number", "pin"
MAX_TRIES = 3

# A person reads the number off a letter: give time before and between the digits.
_FIRST_DIGIT_MS, _BETWEEN_DIGITS_MS = 10_000, 5_000


def ask_for_credentials(
    call: Call, tries: int = 0, *, then: str = "/account_balance", query: Mapping[str, str] | None = None
) -> Flow:
    """Return the flow that collects account number and PIN and asks `identify_caller` next.

    tries: how many pairs were wrong so far in this call; then, query: the callback that goes on once the
    caller is known. All travel in the signed state.
    """
    from kazoo_callflow import collect_dtmf

    return (
        speech.say("enter_account", call.language)
        >> collect_dtmf(
            collection_name=ACCOUNT_NUMBER,
            max_digits=20,
            timeout=_FIRST_DIGIT_MS,
            interdigit_timeout=_BETWEEN_DIGITS_MS,
        )
        >> speech.say("enter_pin", call.language)
        >> collect_dtmf(
            collection_name=PIN, max_digits=12, timeout=_FIRST_DIGIT_MS, interdigit_timeout=_BETWEEN_DIGITS_MS
        )
        >> call.next("/identify_caller", signed={"tries": tries, "then": then}, query=query)
    )


def check_credentials(call: Call, caller: CallerContext) -> Flow:
    """Return to the callback that asked, ask again, or say goodbye.

    What the caller hears is the same for an account number that exists and one that does not, for a wrong PIN
    and a locked account.
    """
    from kazoo_callflow import flush_dtmf, hangup

    account_id, pin = call.digits.get(ACCOUNT_NUMBER, ""), call.digits.get(PIN, "")
    tries = int(call.signed.get("tries", 0)) + 1
    then = str(call.signed.get("then", "/account_balance"))
    query = dict(call.query)
    if not account_id or not pin:
        refusal = "nothing_entered"
    elif caller.log_in(account_id, pin):
        call.explain("credentials", tries=tries, refused="no")
        # KAZOO sends every collection again with each request of the call: forget the PIN first.
        return flush_dtmf(collection_name=PIN) >> call.next(
            then, signed=caller.signed, query=query, account_id=account_id
        )
    else:
        refusal = "wrong_credentials"
    call.explain("credentials", tries=tries, refused=refusal)
    if tries < MAX_TRIES:
        return speech.say(refusal, call.language) >> ask_for_credentials(call, tries, then=then, query=query)
    return speech.say("too_many_tries", call.language) >> speech.say("goodbye", call.language) >> hangup()
