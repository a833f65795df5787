"""Where the door and the workers get the stores of this deployment."""

from __future__ import annotations

import os
from functools import cache

from pivot_app import aws
from pivot_app.bootstrap import forget_call, parameters, tenants
from pivot_app.call_events import Door, SettlementWorker
from pivot_app.ledger import WAIT_SECONDS, DynamoDBLedger, Settlement, WebhookAuthenticator
from pivot_app.settings import settings

BUDGET_SECONDS = 10


@cache
def authenticator() -> WebhookAuthenticator:
    """Return who may tell of calls."""
    return WebhookAuthenticator(tenants(), parameters())


@cache
def door() -> Door:
    """Return the door of this instance."""
    return Door(authenticator(), _enqueue)


@cache
def settlement() -> Settlement:
    """Return the settlement of this instance."""
    ledger = DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=BUDGET_SECONDS)
    return Settlement(ledger)


def worker() -> SettlementWorker:
    """Return the queue's consumer."""
    return SettlementWorker(settlement, authenticator, _enqueue_later, forget_call)


def forget() -> None:
    """Make everything anew: for tests."""
    for made in (authenticator, door, settlement):
        made.cache_clear()


def _enqueue(body: str) -> None:
    aws.client("sqs").send_message(QueueUrl=os.environ["CALL_ENDED_QUEUE"], MessageBody=body)


def _enqueue_later(body: str) -> None:
    queue = os.environ["CALL_ENDED_QUEUE"]
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody=body, DelaySeconds=WAIT_SECONDS)
