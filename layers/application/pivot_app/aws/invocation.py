"""Handles a Lambda invocation; every function uses this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def has_time(context: Any, spare_ms: int) -> bool:
    """Return whether Lambda leaves at least `spare_ms` milliseconds; True where there is no context."""
    return context is None or context.get_remaining_time_in_millis() >= spare_ms


def consume(
    event: Mapping[str, Any],
    process_record: Callable[[str], object],
    report: Callable[[Exception, str], None],
) -> dict[str, Any]:
    """Give the body of each SQS message to `process_record`; return the messages to deliver again.

    A message that raises goes to `report` with its message id; the rest of the batch is processed.
    """
    failed = []
    for record in event["Records"]:
        try:
            process_record(record["body"])
        except Exception as error:  # noqa: BLE001 - the rest of the batch is processed
            report(error, record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
