"""Asking a caller nobody knows for an account number and a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pivot_app import speech

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call

ACCOUNT_NUMBER, PIN = "account_number", "pin"
MAX_TRIES = 3

# A person reads the number off a letter: give time before and between the digits.
_FIRST_DIGIT_MS, _BETWEEN_DIGITS_MS = 10_000, 5_000


def ask_for_credentials(call: Call, tries: int = 0) -> Flow:
    """The flow that collects account number and PIN and asks `identify_caller` next.

    `tries` is how many pairs of them were wrong so far in this call; it travels in the signed state.
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
        >> call.next("/identify_caller", signed={"tries": tries})
    )
