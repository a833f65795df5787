"""The balance line: who calls hears their balance and is connected to the support of their account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pivot_app import speech
from pivot_app.identity import ask_for_credentials

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.identity import CallerContext


def answer(call: Call, caller: CallerContext) -> Flow:
    """Return the balance in words, then support; or the question who is calling."""
    from kazoo_callflow import hangup

    if caller.account is None:
        call.explain("caller", account_found=False, identified_by=caller.identified.proof or "nothing")
        return ask_for_credentials(call)
    profile = caller.profile
    language = profile.language or call.language
    spoken = caller.balance_sentence(language, greet=True).flow()
    if profile.support is None:
        return spoken >> speech.say("goodbye", language) >> hangup()
    unavailable = speech.say("support_unavailable", language) >> hangup()
    return spoken >> speech.say("connecting_support", language) >> profile.support.connect(unavailable)
