"""Send notice: tells the operator's system that an account runs low, and books the top-up it answers with.

One that is not taken is reported alone and comes again; after two hours it goes to the dead-letter queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app.low_balance import deployed_sender


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """The messages to deliver again."""
    failed = []
    for record in event["Records"]:
        try:
            entry = deployed_sender().send(record["body"], datetime.now(UTC))
            emit_metrics("send_notice", {"NoticesSent": 1, "AutoTopUps": int(entry is not None)}, {})
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this one, the others are sent
            logger().error("a notice was not sent", extra={"error": f"{type(error).__name__}: {error}"})
            emit_metrics("send_notice", {"NoticesFailed": 1}, {}, type(error).__name__)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
