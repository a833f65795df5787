"""KAZOO's events of calls: its webhooks, the queue's consumer, KAZOO's own word through Crossbar.

`pivot_app.call_wiring` gives them the stores of a deployment.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pivot_app.call_events._crossbar import CrossbarCalls
    from pivot_app.call_events._missing_ends import SPARE_MS, MissingEnds
    from pivot_app.call_events._receiver import WebhookReceiver
    from pivot_app.call_events._worker import SettlementWorker

__all__ = ["SPARE_MS", "CrossbarCalls", "MissingEnds", "SettlementWorker", "WebhookReceiver"]

_MODULES = {
    "CrossbarCalls": "_crossbar",
    "WebhookReceiver": "_receiver",
    "MissingEnds": "_missing_ends",
    "SettlementWorker": "_worker",
    "SPARE_MS": "_missing_ends",
}


if not TYPE_CHECKING:  # type checkers know every name from above, and no other

    def __getattr__(name: str) -> object:
        """Import what is asked for: the receiver needs no HTTP client, the consumer no request."""
        if name in _MODULES:
            return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Show what the package offers."""
        return sorted(__all__)
