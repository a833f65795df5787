"""Identify caller: checks the account number and PIN that another callback asked for, and goes back there.

A call has three attempts, counted in the signed state. Attempts for each account number and each KAZOO
account are counted over all calls.
"""

from __future__ import annotations

from kazoo_callflow import Flow
from kazoo_pivot import Call
from pivot_app import identity, speech
from pivot_app.bootstrap import callback


@callback(fallback=speech.try_again_later, entry=False, sensitive_collections=(identity.PIN,))
def handler(call: Call) -> Flow:
    """Return to the callback that asked, ask again, or say goodbye."""
    return identity.check_credentials(call, identity.of(call))
