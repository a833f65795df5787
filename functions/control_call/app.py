"""Control call: at the second a call's money ends, extends its hold or ends the call through Crossbar.

Deployed only where the template's CallControl is on. `{prefix}/crossbar/{kazoo_account_id}` in SSM holds
{"url": "https://crossbar.example.com:8443", "api_key": 64 characters} of the KAZOO account.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import aws
from pivot_app.bootstrap import parameters
from pivot_app.crossbar import Crossbars
from pivot_app.ledger import BalanceExhausted, CallControl, DynamoDBLedger
from pivot_app.settings import settings


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Return the messages to deliver again."""
    return aws.consume(event, process_record, report)


def process_record(body: str) -> None:
    """Extend the hold of one call, or end the call."""
    due = BalanceExhausted(**json.loads(body))
    done = control().handle_exhausted(due, crossbars(), datetime.now(UTC))
    emit_metrics("control_call", {"CallsControlled": 1}, {}, done)


def report(error: Exception, message_id: str) -> None:  # noqa: ARG001 - the log line takes it from where it is handled
    """Log and count a call that could not be controlled."""
    logger().exception("a call could not be controlled", extra={"message_id": message_id})
    emit_metrics("control_call", {"ControlFailed": 1}, {})


@cache
def control() -> CallControl:
    """Return the call control of this instance."""
    return CallControl(DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=5))


@cache
def crossbars() -> Crossbars:
    """Return the Crossbar of each KAZOO account, with its token; the queue tries again what fails."""
    return Crossbars(parameters(), tries=1)
