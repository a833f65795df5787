"""Sweep holds: once a minute, looks at the accounts with live holds.

Settles a call whose end is known and whose webhook named no hold, gives back what expired, and, where calls
are controlled while they last, extends the holds that run out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ledger import DynamoDBLedger, Settlement, StoreUnavailableError
from pivot import aws
from pivot.observability import emit_metrics, logger
from pivot.settings import settings


def handler(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    """What was done, counted."""
    ledger = DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=10)
    settlement, now = Settlement(ledger), datetime.now(UTC)
    counts: Counter[str] = Counter()
    for account in ledger.with_holds():
        try:
            for one in settlement.sweep(account, now):
                counts[one.outcome] += 1
            settlement.close_if_quiet(account)
        except StoreUnavailableError:
            logger().exception("an account was not swept", extra={"account_id": account.account_id})
            counts["failed"] += 1
        counts["accounts"] += 1
    for outcome, count in counts.items():
        emit_metrics("sweep_holds", {"Swept": count}, {}, outcome)
    return dict(counts)
