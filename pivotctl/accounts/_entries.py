"""Entries as flat facts: for statements, exports and revenue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pivot_app.ledger import Account, DynamoDBLedger, Entry

CREDITS = frozenset({"top_up", "adjust"})

COLUMNS = (
    *("account_id", "currency", "number", "entry_id", "kind", "at", "amount_micros", "balance_micros"),
    *("reference", "note", "call_id", "caller", "destination", "authorized_at", "started_at", "ended_at"),
    *("seconds", "billed_seconds", "held_micros", "overrun", "is_estimate", "billed_leg", "prefix"),
    *("per_minute_micros", "connection_fee_micros", "first_increment_seconds", "next_increment_seconds"),
    *("minimum_seconds", "grace_seconds", "plan", "plan_version", "legs"),
)
"""The columns of an entry in a statement. Money in micro-units, times in epoch seconds; 0 is not known."""

_OF_RATE = (
    *("prefix", "per_minute_micros", "connection_fee_micros", "first_increment_seconds"),
    *("next_increment_seconds", "minimum_seconds", "grace_seconds", "plan"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry and its account."""

    account: Account
    entry: Entry

    def to_map(self) -> dict[str, Any]:
        """Return the entry as the columns of a statement; `legs` as a list."""
        entry, rate = self.entry, self.entry.rate
        facts: dict[str, Any] = {
            "account_id": self.account.account_id,
            "currency": self.account.currency,
            "billed_leg": entry.leg,
            "plan_version": rate.get("version", 0),
            "legs": [asdict(leg) for leg in entry.legs],
            **{name: rate.get(name, "" if name in {"prefix", "plan"} else 0) for name in _OF_RATE},
        }
        return {name: facts[name] if name in facts else getattr(entry, name) for name in COLUMNS}


def lines(
    ledger: DynamoDBLedger, accounts: Iterator[Account] | list[Account], since: int = 0, until: int = 0
) -> Iterator[Line]:
    """Yield entries posted from `since` to before `until` (0: no end), by account, then time."""
    for account in accounts:
        for entry in ledger.entries(account.kazoo_account_id, account.account_id):
            if entry.at >= since and (not until or entry.at < until):
                yield Line(account, entry)
