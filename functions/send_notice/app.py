"""Send notice: tells the operator's system that an account runs low, and books the top-up in its answer.

One that is not taken is reported alone and comes again; after two hours it goes to the dead-letter queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import aws
from pivot_app.low_balance import deployed_sender


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return the messages to deliver again."""
    return aws.consume(event, process_record, report)


def process_record(body: str) -> None:
    """Send one notice, and book the top-up that comes back."""
    entry = deployed_sender().send(body, datetime.now(UTC))
    emit_metrics("send_notice", {"NoticesSent": 1, "AutoTopUps": int(entry is not None)}, {})


def report(error: Exception, message_id: str) -> None:  # noqa: ARG001 - one shape for every queue
    """Log and count a notice that was not sent."""
    logger().error("a notice was not sent", extra={"error": f"{type(error).__name__}: {error}"})
    emit_metrics("send_notice", {"NoticesFailed": 1}, {}, type(error).__name__)
