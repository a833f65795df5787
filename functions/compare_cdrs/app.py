"""Compare CDRs: once an hour, compares KAZOO's CDRs of the last hours with the books.

For each KAZOO account whose Crossbar key is stored: a leg whose end was never told settles its call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pivot_app import aws, call_wiring
from pivot_app.call_events import SPARE_MS
from pivot_app.doctor import accounts_with_access


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Return what was found and repaired, counted."""
    accounts = list(accounts_with_access())
    with call_wiring.missing_ends() as missing:
        return missing.compare(accounts, datetime.now(UTC), lambda: aws.has_time(context, SPARE_MS))
