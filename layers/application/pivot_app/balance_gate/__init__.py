"""The balance gate: holds money for a call before it is made, tells the caller, and lets the call go on.

The gate's voice_url says what the operator wants:

    account=1001             the account that pays; default: the identified one, otherwise the caller's
    connect=resources        where the call goes on: resources, user, device or callflow
    id=32HEX                 of the user, device or callflow
    to=NUMBER                the number to call instead of the one dialled: a calling card's, typed in a menu
    to_collection=NAME       the same, taken from the digits collected under this name
    failed=32HEX             a callflow for a call that does not get through; otherwise the caller hears why
    announce=balance,minutes what is spoken first; `none` for nothing
    top_up=MENU              a menu offered to a caller without enough money
    bill=b                   the leg to bill: `b`, the conversation, or `a`, the caller's whole call

A parameter it does not know is an error: the caller hears the apology, and the operator a metric and a log.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pivot_app.balance_gate._decision import Gate, Ledger, decide, decide_without_tenants
from pivot_app.balance_gate._parameters import GateParameters
from pivot_app.balance_gate._store_down import UnbilledCalls

__all__ = [
    "Gate",
    "GateParameters",
    "Ledger",
    "UnbilledCalls",
    "decide",
    "decide_without_tenants",
    "deployed",
]

if TYPE_CHECKING:
    from pivot_app.balance_gate._bootstrap import deployed


if not TYPE_CHECKING:  # type checkers know every name from above, and no other

    def __getattr__(name: str) -> object:
        """Import what needs AWS where it is used."""
        if name == "deployed":
            return import_module("pivot_app.balance_gate._bootstrap").deployed
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Show what the package offers."""
        return sorted(__all__)
