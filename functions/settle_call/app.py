"""Settle call: takes ends of legs off the queue and settles their calls.

A message that can not be dealt with is reported alone, comes again, and after two hours goes to the
dead-letter queue. One whose other leg is not known yet is sent again with a delay, and then settled by what
is known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

from kazoo_pivot import NotAuthenticatedError
from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import aws
from pivot_app.bootstrap import forget_call, parameters, tenants
from pivot_app.ledger import (
    WAIT_SECONDS,
    DynamoDBLedger,
    InvalidWebhookError,
    Settled,
    Settlement,
    WebhookDoor,
    event_of,
)
from pivot_app.settings import settings

# How far the switch's clock and ours may be apart.
CLOCKS_DIFFER_S = 5


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """The messages to deliver again."""
    failed = []
    for record in event["Records"]:
        try:
            deal_with(record["body"])
        except Exception:  # noqa: BLE001 - whatever is wrong with this one, the others are settled
            logger().exception("a call's end could not be settled", extra={"message_id": record["messageId"]})
            emit_metrics("settle_call", {"SettleFailed": 1}, {})
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def deal_with(body: str) -> list[Settled]:
    """Settle the calls one message concerns."""
    message = json.loads(body)
    if kept := message.get("unchecked_token"):
        # SSM was away when this came in. While it still is, the message comes again.
        try:
            sent = message.get("body", "").encode("utf-8", "surrogateescape")
            door().check_kept(message["kazoo_account_id"], kept, sent, message.get("content_type", ""))
        except NotAuthenticatedError as error:
            emit_metrics("settle_call", {"Refused": 1}, {}, error.reason)
            return []
    now = datetime.now(UTC)
    received_at = int(message.get("received_at") or now.timestamp())
    results = settlement().process(message["kazoo_account_id"], message["webhook"], received_at, now)
    if not message.get("waited") and any(one.outcome == "waiting" for one in results):
        aws.client("sqs").send_message(
            QueueUrl=os.environ["CALL_ENDED_QUEUE"],
            MessageBody=json.dumps(message | {"waited": True}),
            DelaySeconds=WAIT_SECONDS,
        )
    forget_ended(message["kazoo_account_id"], message["webhook"], received_at)
    for one in results:
        emit_metrics("settle_call", {"CallEndsDealtWith": 1}, {}, one.outcome)
    return results


def forget_ended(kazoo_account_id: str, webhook: Mapping[str, Any], received_at: int) -> None:
    """End the state of the call whose leg ended: what its caller proved is nobody else's."""
    with suppress(InvalidWebhookError):
        event = event_of(webhook, received_at)
        if event is not None and event.kind == "destroy" and event.direction == "inbound":
            until = min(event.clock + CLOCKS_DIFFER_S, received_at)
            forget_call(kazoo_account_id, event.call_id, until_ms=until * 1000 + 999)


@cache
def settlement() -> Settlement:
    """The settlement of this instance."""
    return Settlement(DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=10))


@cache
def door() -> WebhookDoor:
    """Who may tell, for what came in while nobody could say."""
    return WebhookDoor(tenants(), parameters())
