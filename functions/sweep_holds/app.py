"""Sweep holds: once a minute, a round of the accounts with live holds, shared out through a queue.

Settles a call whose end is known and whose webhook named no hold, marks one whose end was never told, and,
where calls are controlled while they last, extends the holds that run out. Queues a notice of an account that
runs low.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kazoo_pivot.observability import logger
from pivot_app import aws, call_wiring
from pivot_app.sweep import SPARE_MS


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
    """Begin a round, or carry on with a part of one; return what was done, or the parts to deliver again."""
    sweeper, has_time = call_wiring.sweeper(), partial(aws.has_time, context, SPARE_MS)
    if "Records" not in event:
        return sweeper.sweep(datetime.now(UTC), has_time)
    return aws.consume(event, lambda body: sweeper.go_on(body, datetime.now(UTC), has_time), report)


def report(error: Exception, message_id: str) -> None:  # noqa: ARG001 - the log line takes it from where it is handled
    """Log a part of a round that failed."""
    logger().exception("a part of a round was not swept", extra={"message_id": message_id})
