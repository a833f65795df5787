"""Gives the webhook receiver, the workers and the sweeper the stores of this deployment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from pivot_app import aws
from pivot_app.bootstrap import forget_call, parameters, tenants
from pivot_app.call_events import SettlementWorker, WebhookReceiver
from pivot_app.ledger import WAIT_SECONDS, BalanceExhausted, DynamoDBLedger, Settlement, WebhookAuthenticator
from pivot_app.settings import settings
from pivot_app.settings.queues import CallEndedSettings, SweepSettings

if TYPE_CHECKING:
    from pivot_app.call_events import CrossbarCalls, MissingEnds
    from pivot_app.crossbar import Crossbars
    from pivot_app.sweep import Sweeper

BUDGET_SECONDS = 10


@cache
def authenticator() -> WebhookAuthenticator:
    """Return the authenticator of webhooks."""
    return WebhookAuthenticator(tenants(), parameters())


@cache
def webhook_receiver() -> WebhookReceiver:
    """Return the receiver of webhooks of this instance."""
    return WebhookReceiver(authenticator(), _enqueue)


def ledger() -> DynamoDBLedger:
    """Return the ledger of this deployment."""
    return DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=BUDGET_SECONDS)


@cache
def settlement() -> Settlement:
    """Return the settlement of this instance."""
    return Settlement(ledger())


def worker() -> SettlementWorker:
    """Return the queue's consumer."""
    return SettlementWorker(settlement, authenticator, _enqueue_later, forget_call)


def sweeper() -> Sweeper:
    """Return the sweeper, which asks KAZOO of calls that should have ended, where it may."""
    # The receiver, which a webhook waits for, needs none of these.
    from pivot_app.low_balance import LowBalanceWatch
    from pivot_app.sweep import Sweeper

    books = ledger()
    queues = SweepSettings.from_environment()
    schedule_hangup = _schedule_hangup if queues.control_queue_url else None
    share = _share if queues.sweep_queue_url else None
    low_balance = LowBalanceWatch(books, _queue_notice)
    return Sweeper(books, Settlement(books, _kazoo()), low_balance, schedule_hangup, share)


@cache
def _kazoo() -> CrossbarCalls:
    """Return this instance's access to Crossbar, with its tokens and what it learnt about each."""
    from pivot_app.call_events import CrossbarCalls

    return CrossbarCalls(_crossbars(tries=1))


@contextmanager
def missing_ends() -> Iterator[MissingEnds]:
    """Yield the comparison of KAZOO's CDRs with the books; its connections end with it."""
    from pivot_app.call_events import CrossbarCalls, MissingEnds

    with _crossbars() as crossbars:
        yield MissingEnds(settlement(), CrossbarCalls(crossbars))


def forget() -> None:
    """Make everything again, for tests."""
    for made in (authenticator, webhook_receiver, settlement, _kazoo):
        made.cache_clear()


def _crossbars(**limits: Any) -> Crossbars:
    """Return the Crossbar of each KAZOO account whose key is stored; keywords are those of `Crossbar`."""
    from pivot_app.crossbar import Crossbars

    return Crossbars(parameters(), **limits)


def _enqueue(body: str) -> None:
    aws.client("sqs").send_message(QueueUrl=CallEndedSettings.from_environment().queue_url, MessageBody=body)


def _enqueue_later(body: str) -> None:
    queue = CallEndedSettings.from_environment().queue_url
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody=body, DelaySeconds=WAIT_SECONDS)


def _share(body: str) -> None:
    queue = SweepSettings.from_environment().sweep_queue_url
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody=body)


def _queue_notice(body: str) -> None:
    queue = SweepSettings.from_environment().notices_queue_url
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody=body)


def _schedule_hangup(due: BalanceExhausted) -> None:
    """Queue a call whose money ends for the second it does."""
    queue = SweepSettings.from_environment().control_queue_url
    body = json.dumps(asdict(due))
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody=body, DelaySeconds=due.in_seconds)
