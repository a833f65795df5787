"""Sweep holds: once a minute, looks at the accounts with live holds.

Settles a call whose end is known and whose webhook named no hold, gives back what expired, and, where calls
are controlled while they last, extends the holds that run out. Queues a notice of an account that runs low.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app import aws
from pivot_app.call_events import CrossbarCalls
from pivot_app.crossbar import Crossbars
from pivot_app.ledger import BalanceExhausted, CallControl, DynamoDBLedger, Settlement
from pivot_app.low_balance import LowBalanceWatch
from pivot_app.settings import settings

# What one account may take: retries of a busy table, and the requests after them.
SPARE_MS = 15_000
METRICS = {
    "SweptAccounts": "accounts",
    "SweepLeftOver": "left_over",
    "SweepFailed": "failed",
    "HoldsUnresolved": "unresolved",
}


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """What was done, counted; what there was no time for is left to the next minute."""
    ledger = DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=10)
    # Of calls that should have ended KAZOO itself is asked, where a Crossbar key is configured.
    kazoo = CrossbarCalls(Crossbars(aws.client("ssm"), settings().parameter_prefix, tries=1))
    settlement, now = Settlement(ledger, kazoo), datetime.now(UTC)
    control, queue = CallControl(ledger), os.environ.get("CONTROL_QUEUE")
    low_balance = LowBalanceWatch(ledger, queue_notice)
    counts: Counter[str] = Counter()
    for kazoo_account_id, account_id in ledger.with_holds():
        if is_late(context):
            counts["left_over"] += 1
            continue
        try:
            account = ledger.account(kazoo_account_id, account_id)
            if account is None:
                continue
            for one in settlement.sweep(account, now):
                counts[one.outcome] += 1
            settlement.close_if_quiet(account)
            if account.controls.low_balance_micros is not None:
                # Read again: what was settled just now counts.
                swept = ledger.account(kazoo_account_id, account_id)
                counts["low_balance"] += swept is not None and low_balance.look_at(swept, now) is not None
            if queue:
                counts["runs_out"] += announce(control.look_ahead(account, now), queue)
        except Exception:  # noqa: BLE001 - whatever is wrong with this account, the others are swept
            logger().exception("an account was not swept", extra={"account_id": account_id})
            counts["failed"] += 1
        counts["accounts"] += 1
    # Zeros, too: an alarm on what was left over ends when nothing is.
    emit_metrics("sweep_holds", {metric: counts[outcome] for metric, outcome in METRICS.items()}, {})
    return dict(counts)


def is_late(context: Any) -> bool:
    """Whether Lambda's time is too short for one more account."""
    return context is not None and context.get_remaining_time_in_millis() < SPARE_MS


def queue_notice(body: str) -> None:
    """Queue a notice for the operator's system."""
    aws.client("sqs").send_message(QueueUrl=os.environ["NOTICES_QUEUE"], MessageBody=body)


def announce(running_out: list[BalanceExhausted], queue: str) -> int:
    """Queue each call whose money ends for the second it does; how many there were."""
    for due in running_out:
        aws.client("sqs").send_message(
            QueueUrl=queue, MessageBody=json.dumps(asdict(due)), DelaySeconds=due.in_seconds
        )
    return len(running_out)
