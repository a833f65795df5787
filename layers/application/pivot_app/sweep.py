"""The sweeper: once a minute, a round of the accounts with live holds.

A few accounts are swept at once. More are shared out through a queue, so that many instances sweep them side
by side; each part of a round is as long as one invocation, and what it has no time for goes on in another.

Settles a call whose end is known and whose webhook named no hold, marks one whose end was never told, and,
where calls are controlled while they last, extends the holds that run out. Queues a notice of an account that
runs low, and reports which KAZOO accounts send no ends at all. `pivot_app.call_wiring` gives it the stores.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import Account, BalanceExhausted, CallControl, DynamoDBLedger, Hold, Settlement
from pivot_app.low_balance import LowBalanceWatch

SPARE_MS: Final = 15_000
"""The time limit for one account: retries of a busy table, and the requests after them."""

ACCOUNTS_A_PART: Final = 25
"""Accounts that one instance sweeps at a time: a hundred live calls each still fit its minute."""

ROUND_SECONDS: Final = 60
"""When the next round begins."""

SILENT_SECONDS: Final = 3600
"""How long an overdue call is reported as silent; afterwards it is only listed."""

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
        share: Takes a part of a round for another instance; None where one instance sweeps all.

    """

    ledger: DynamoDBLedger
    settlement: Settlement
    low_balance: LowBalanceWatch
    schedule_hangup: Callable[[BalanceExhausted], object] | None = None
    share: Callable[[str], object] | None = None

    def sweep(self, now: datetime, has_time: Callable[[], bool]) -> dict[str, int]:
        """Begin this minute's round; return what was done, counted."""
        return self._share_out(int(now.timestamp()), None, now, has_time)

    def go_on(self, body: str, now: datetime, has_time: Callable[[], bool]) -> dict[str, int]:
        """Carry on a round with a part of it that was shared out; return what was done, counted."""
        part = json.loads(body)
        if "accounts" in part:
            return self._sweep_accounts(part["round"], part["accounts"], now, has_time)
        return self._share_out(part["round"], part["start"], now, has_time)

    def _share_out(
        self, began: int, start: dict[str, Any] | None, now: datetime, has_time: Callable[[], bool]
    ) -> dict[str, int]:
        """Share out the accounts with live holds, from a place in their list on."""
        counts: Counter[str] = Counter()
        here: list[Sequence[str]] = []
        for page, following in self.ledger.pages_with_holds(start):
            parts = [page[at : at + ACCOUNTS_A_PART] for at in range(0, len(page), ACCOUNTS_A_PART)]
            if self.share is None:
                here += page
                continue
            here += parts.pop() if parts else ()
            for part in parts:
                self.share(json.dumps({"round": began, "accounts": part}))
                counts["shared"] += len(part)
            if following and not has_time():
                self.share(json.dumps({"round": began, "start": following}))
                break
        return dict(counts) | self._sweep_accounts(began, here, now, has_time)

    def _sweep_accounts(
        self, began: int, accounts: Sequence[Sequence[str]], now: datetime, has_time: Callable[[], bool]
    ) -> dict[str, int]:
        counts: Counter[str] = Counter()
        silent: dict[str, Hold] = {}
        # One that waited for a minute is left: the next round has its accounts too.
        is_late = now.timestamp() - began >= ROUND_SECONDS
        for place, key in enumerate(accounts):
            if is_late or not has_time():
                left = accounts[place:]
                if self.share is None or is_late or not place:
                    counts["left_over"] = len(left)
                else:
                    self.share(json.dumps({"round": began, "accounts": left}))
                break
            self._sweep_one((key[0], key[1]), now, counts, silent)
        for kazoo_account_id, hold in silent.items():
            extra = {"kazoo_account_id": kazoo_account_id, "hold_id": hold.hold_id, "call_id": hold.call_id}
            logger().error(
                "webhook silent: no end of a call arrived since this one was admitted", extra=extra
            )
        counts["silent"] = len(silent)
        # Zeros, too: an alarm on what was left over ends when nothing is.
        emit_metrics("sweep_holds", {metric: counts[outcome] for metric, outcome in METRICS.items()}, {})
        return dict(counts)

    def _sweep_one(
        self, key: tuple[str, str], now: datetime, counts: Counter[str], silent: dict[str, Hold]
    ) -> None:
        counts["accounts"] += 1
        try:
            if (account := self.ledger.account(*key)) is None:
                return
            # Before KAZOO is asked: a call that its CDR settles was not reported either.
            self._find_silent(account, now, silent)
            self._sweep_account(account, now, counts)
        except Exception:  # noqa: BLE001 - whatever is wrong with this account, the others are swept
            logger().exception("an account was not swept", extra={"account_id": key[1]})
            counts["failed"] += 1

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
