"""Settle call: takes KAZOO's events of legs from the queue and settles their calls.

A message that cannot be processed is reported alone, comes again, and after two hours goes to the
dead-letter queue. A call with events outstanding is checked again after two minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pivot_app import call_wiring


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return the messages to deliver again."""
    return call_wiring.worker().consume(event)
