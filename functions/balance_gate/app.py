"""Balance gate: holds money for a call before it is made, says how long it may last, and lets it go on.

The package `pivot_app.balance_gate` says what the query of its voice_url may hold.
"""

from __future__ import annotations

from kazoo_callflow import Flow
from kazoo_pivot import Call
from pivot_app import balance_gate, speech
from pivot_app.bootstrap import callback


def without_tenants(call: Call) -> Flow:
    """Return a call for help, or one that the operator allows while the store is unavailable."""
    return balance_gate.decide_without_tenants(call, balance_gate.deployed())


# A remembered answer cannot tell a repeated request from a new call with the same Call-ID. The ledger can.
@callback(fallback=speech.try_again_later, replays=False, without_tenants=without_tenants)
def handler(call: Call) -> Flow:
    """Return the call, with its money held; or why it cannot be made."""
    return balance_gate.decide(call, balance_gate.deployed())
