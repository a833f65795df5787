"""Account balance: recognises the caller, speaks the available balance, connects to customer support.

A caller whose number and device are unknown is asked for an account number and a PIN;
`identify_caller` checks them and comes back here.
"""

from __future__ import annotations

from kazoo_callflow import Flow
from kazoo_pivot import Call
from pivot_app import balance_line, identity, speech
from pivot_app.bootstrap import callback


@callback(fallback=speech.try_again_later)
def handler(call: Call) -> Flow:
    """Return the balance in words, then support; or the question who is calling."""
    return balance_line.answer(call, identity.of(call))
