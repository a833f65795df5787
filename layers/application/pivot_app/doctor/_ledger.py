"""The ledger as the doctor asks it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pivot_app.ledger import DynamoDBLedger, Settlement

from ._money import Hold


class LedgerMoney:
    """Holds and ends of a KAZOO account, from the accounts table."""

    def __init__(self, ledger: DynamoDBLedger) -> None:
        self._ledger = ledger

    def holds(self, kazoo_account_id: str) -> Iterator[Hold]:
        """Yield the holds of live calls."""
        for tenant, number in self._ledger.with_holds():
            account = self._ledger.account(tenant, number) if tenant == kazoo_account_id else None
            for hold in account.holds.values() if account is not None else ():
                yield Hold(
                    number,
                    hold.hold_id,
                    hold.call_id,
                    datetime.fromtimestamp(hold.authorized_at, UTC),
                    datetime.fromtimestamp(hold.expires_at, UTC),
                )

    def unmatched(self, kazoo_account_id: str) -> int:
        """Return how many legs could not be booked."""
        return len(Settlement(self._ledger).legs.problems(kazoo_account_id))
