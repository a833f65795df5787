"""Sweep holds: once a minute, looks at the accounts with live holds.

Settles a call whose end is known and whose webhook named no hold, marks one whose end was never told, and,
where calls are controlled while they last, extends the holds that run out. Queues a notice of an account that
runs low.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pivot_app import aws, call_wiring
from pivot_app.sweep import SPARE_MS


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """Return what was done, counted; what there was no time for is left to the next minute."""
    return call_wiring.sweeper().sweep(datetime.now(UTC), lambda: aws.has_time(context, SPARE_MS))
