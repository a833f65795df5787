"""Plans: a rate table under a name, in numbered versions of which one counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pivot_app.aws.cache import Cache
from pivot_app.ledger._errors import CurrencyChangedError, PlanNotFoundError
from pivot_app.ledger._rates import Rate, RateTable
from pivot_app.ledger._table import Table
from pivot_app.ledger._versions import Version, VersionedRows


class Plans:
    """The plans in the accounts table."""

    def __init__(self, table: Table, cache: Cache[RateTable]) -> None:
        self._rows = VersionedRows(table, "plan", cache, _table)

    def rates(self, kazoo_account_id: str, name: str) -> RateTable | None:
        """Return the live rates, None if there is no such plan; older ones if the table cannot be reached."""
        return self._rows.current(kazoo_account_id, name)

    def version(self, kazoo_account_id: str, name: str, version: int | None = None) -> RateTable:
        """Return the rates of a version, the live one if none is named; read now.

        Raises:
            PlanNotFoundError: There is no such plan, or that version is kept no longer.

        """
        found = self._rows.load(kazoo_account_id, name, version)
        if found is None:
            raise PlanNotFoundError(name, version)
        return found

    def head(self, kazoo_account_id: str, name: str) -> Version | None:
        """Return the live version, without its rates."""
        return self._rows.head(kazoo_account_id, name)

    def history(self, kazoo_account_id: str, name: str) -> list[Version]:
        """Return every version that can be brought back, the live one first."""
        return self._rows.history(kazoo_account_id, name)

    def names(self, kazoo_account_id: str) -> list[Version]:
        """Return every plan of a KAZOO account: for an operator's commands only."""
        return self._rows.names(kazoo_account_id)

    def publish(
        self,
        kazoo_account_id: str,
        name: str,
        currency: str,
        rates: Iterable[Rate],
        *,
        at: int = 0,
        note: str = "",
        change_currency: bool = False,
    ) -> int:
        """Make these the plan's rates; the number of the version. Publishing the same again changes nothing.

        Raises:
            CurrencyChangedError: The plan is in another currency, and its accounts would have no rate.
            PlanChangedError: Another publication came first.

        """
        before = self._rows.head(kazoo_account_id, name)
        if before and not change_currency:
            self.check_currency(before, currency)
        rows = sorted(rate.to_row() for rate in rates)
        return self._rows.publish(kazoo_account_id, name, rows, currency=currency, at=at, note=note)

    @staticmethod
    def check_currency(live: Version, currency: str) -> None:
        """Raise CurrencyChangedError if rates in this currency would change a plan's currency."""
        if live.currency != currency:
            raise CurrencyChangedError(live.name, live.currency, currency)

    def roll_back(
        self,
        kazoo_account_id: str,
        name: str,
        version: int,
        *,
        at: int = 0,
        change_currency: bool = False,
    ) -> int:
        """Publish the rates of an earlier version again, as a new version; return its number.

        Raises:
            PlanNotFoundError: That version is kept no longer.
            CurrencyChangedError: It was in another currency.

        """
        rates = self.version(kazoo_account_id, name, version)
        return self.publish(
            kazoo_account_id,
            name,
            rates.currency,
            rates,
            at=at,
            note=f"version {version} again",
            change_currency=change_currency,
        )


def _table(version: Version, rows: list[Any]) -> RateTable:
    return RateTable.from_rows(rows, currency=version.currency, name=version.name, version=version.version)
