"""Which accounts run low, each notified once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import Account

MARK = "low_balance_notice"


@dataclass(frozen=True, slots=True)
class Notice:
    """An account that runs low; money in micro-units of its currency, times in epoch seconds."""

    event_id: str
    kazoo_account_id: str
    account_id: str
    name: str
    currency: str
    remaining_micros: int
    balance_micros: int
    held_micros: int
    threshold_micros: int
    auto_top_up_micros: int | None
    at: int
    event: str = "low_balance"

    def to_json(self) -> str:
        """Return the notice as it is queued and sent."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Notice:
        """Return a notice as `to_json` gave it."""
        return cls(**json.loads(text))


class Marks(Protocol):
    """The store of each account's last notice."""

    def last_notice(self, kazoo_account_id: str, account_id: str) -> str:
        """Return the event id of the last notice, "" if there was none."""

    def keep_notice(self, kazoo_account_id: str, account_id: str, event_id: str) -> None:
        """Keep the event id of the last notice."""


class LowBalanceWatch:
    """Looks at accounts, and queues a notice of each that runs low.

    A notice is queued before it is marked: one that is queued twice has the same event id twice.
    """

    def __init__(self, marks: Marks, queue: Callable[[str], Any]) -> None:
        self._marks = marks
        self._queue = queue

    def look_at(self, account: Account, now: datetime) -> Notice | None:
        """Queue a notice if the account runs low and was not reported since it was last credited."""
        if not is_low(account, now):
            return None
        notice = _notice(account, now)
        key = (account.kazoo_account_id, account.account_id)
        if self._marks.last_notice(*key) == notice.event_id:
            return None
        self._queue(notice.to_json())
        self._marks.keep_notice(*key, notice.event_id)
        return notice


def is_low(account: Account, now: datetime) -> bool:
    """Return whether less is left than the account's threshold."""
    threshold = account.controls.low_balance_micros
    return threshold is not None and remaining_micros(account, now) < threshold


def remaining_micros(account: Account, now: datetime) -> int:
    """Return the balance as it would be if every live call ended now.

    Not the available balance: the first call of an hour may hold all of it, and cost a cent.
    """
    at = int(now.timestamp())
    used = (
        min(hold.hold_micros, hold.rate.cost_micros(max(0, at - hold.authorized_at)))
        for hold in account.live_holds(now)
    )
    return account.balance_micros - sum(used)


def _notice(account: Account, now: datetime) -> Notice:
    controls = account.controls
    threshold = controls.low_balance_micros or 0
    # It runs low again only after it was credited, or was given another threshold.
    episode = (account.kazoo_account_id, account.account_id, account.credited_micros, threshold)
    digest = hashlib.sha256("\0".join(map(str, episode)).encode()).hexdigest()[:24]
    return Notice(
        event_id=f"low-{digest}",
        kazoo_account_id=account.kazoo_account_id,
        account_id=account.account_id,
        name=str(account.profile.get("name", "")),
        currency=account.currency,
        remaining_micros=remaining_micros(account, now),
        balance_micros=account.balance_micros,
        held_micros=account.balance_micros - account.available_micros(now),
        threshold_micros=threshold,
        auto_top_up_micros=controls.auto_top_up_micros,
        at=int(now.timestamp()),
    )
