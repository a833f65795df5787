"""The sweeper: once a minute, looks at the accounts with live holds.

Settles a call whose end is known and whose webhook named no hold, marks one whose end was never told, and,
where calls are controlled while they last, extends the holds that run out. Queues a notice of an account that
runs low, and says which KAZOO accounts tell of no ends at all. `pivot_app.call_wiring` gives it the stores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import Account, BalanceExhausted, CallControl, DynamoDBLedger, Hold, Settlement
from pivot_app.low_balance import LowBalanceWatch

SPARE_MS: Final = 15_000
"""What one account may take: retries of a busy table, and the requests after them."""

SILENT_SECONDS: Final = 3600
"""How long after a call should have ended its silence is news: afterwards the call is listed, and no more."""

METRICS: Final = {
    "SweptAccounts": "accounts",
    "SweepLeftOver": "left_over",
    "SweepFailed": "failed",
    "HoldsUnresolved": "unresolved",
    "SilentWebhooks": "silent",
}


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Sweeps the accounts of one deployment.

    Args:
        ledger: The ledger.
        settlement: Its settlement, which may ask KAZOO.
        low_balance: The watch over accounts that run low.
        schedule_hangup: Takes each call whose money ends; None where calls are not controlled.

    """

    ledger: DynamoDBLedger
    settlement: Settlement
    low_balance: LowBalanceWatch
    schedule_hangup: Callable[[BalanceExhausted], object] | None = None

    def sweep(self, now: datetime, has_time: Callable[[], bool]) -> dict[str, int]:
        """Return what was done, counted; what there was no time for is left to the next minute."""
        counts: Counter[str] = Counter()
        silent: dict[str, Hold] = {}
        for key in self.ledger.with_holds():
            if not has_time():
                counts["left_over"] += 1
                continue
            try:
                if (account := self.ledger.account(*key)) is None:
                    continue
                # Before KAZOO is asked: a call that its CDR settles was not told of either.
                self._find_silent(account, now, silent)
                self._sweep_account(account, now, counts)
            except Exception:  # noqa: BLE001 - whatever is wrong with this account, the others are swept
                logger().exception("an account was not swept", extra={"account_id": key[1]})
                counts["failed"] += 1
            counts["accounts"] += 1
        for kazoo_account_id, hold in silent.items():
            extra = {"kazoo_account_id": kazoo_account_id, "hold_id": hold.hold_id, "call_id": hold.call_id}
            logger().error(
                "webhook silent: no end of a call arrived since this one was admitted", extra=extra
            )
        counts["silent"] = len(silent)
        # Zeros, too: an alarm on what was left over ends when nothing is.
        emit_metrics("sweep_holds", {metric: counts[outcome] for metric, outcome in METRICS.items()}, {})
        return dict(counts)

    def _find_silent(self, account: Account, now: datetime, silent: dict[str, Hold]) -> None:
        """Add the account's KAZOO account to the silent ones if no end of its calls arrives."""
        if account.kazoo_account_id in silent:
            return
        for hold in account.holds.values():
            is_news = 0 <= now.timestamp() - hold.expires_at <= SILENT_SECONDS
            if is_news and self.settlement.is_silent(account, hold, now):
                silent[account.kazoo_account_id] = hold
                return

    def _sweep_account(self, account: Account, now: datetime, counts: Counter[str]) -> None:
        for one in self.settlement.sweep(account, now):
            counts[one.outcome] += 1
        self.settlement.close_if_quiet(account)
        if account.controls.low_balance_micros is not None:
            # Read again: what was settled just now counts.
            swept = self.ledger.account(*account.key)
            counts["low_balance"] += swept is not None and self.low_balance.look_at(swept, now) is not None
        if self.schedule_hangup is not None:
            for due in CallControl(self.ledger).scan(account, now):
                self.schedule_hangup(due)
                counts["runs_out"] += 1
