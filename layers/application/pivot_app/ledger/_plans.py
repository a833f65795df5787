"""Plans: a rate table under a name, in numbered versions of which one counts."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from typing import Any

from pivot_app.aws.cache import Cache
from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.ledger._errors import PlanChangedError
from pivot_app.ledger._items import plain, value
from pivot_app.ledger._rates import Rate, RateTable
from pivot_app.ledger._table import NotMetError, Table

PART_ROWS = 20_000
"""Rows of one item: some 200 kB compressed, half of what an item may be."""


class Plans:
    """The plans in the accounts table.

    A version is written whole before the plan's item names it, so a reader never sees half of one. An
    instance believes what it read for as long as the cache says: a new version counts everywhere within a
    minute.
    """

    def __init__(self, table: Table, cache: Cache[RateTable]) -> None:
        self._table = table
        self._cache = cache

    def rates(self, kazoo_account_id: str, name: str) -> RateTable | None:
        """The rates that count, or None if there is no such plan; older ones if the table is out of reach."""
        key = (kazoo_account_id, name)
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        try:
            loaded = self._load(kazoo_account_id, name)
        except StoreUnavailableError:
            if (stale := self._cache.get(key, stale=True)) is None:
                raise
            return stale
        if loaded is not None:
            self._cache.put(key, loaded)
        return loaded

    def publish(self, kazoo_account_id: str, name: str, currency: str, rates: Iterable[Rate]) -> int:
        """Make these the plan's rates; the number of the version. Publishing the same again changes nothing.

        Raises:
            PlanChangedError: Another publication came first.

        """
        pk = self._pk(kazoo_account_id, name)
        rows = sorted(rate.to_row() for rate in rates)
        data = [
            zlib.compress(json.dumps(rows[start : start + PART_ROWS], separators=(",", ":")).encode())
            for start in range(0, len(rows), PART_ROWS)
        ]
        checksum = hashlib.sha256(b"".join(data)).hexdigest()[:16]
        before = self._table.get({"pk": value(pk), "sk": value("plan")})
        version = int(before["version"]["N"]) if before else 0
        if before and (before["checksum"]["S"], before["currency"]["S"]) == (checksum, currency):
            return version
        for part, compressed in enumerate(data):
            self._table.put(_part_key(pk, version + 1, checksum, part) | {"data": value(compressed)})
        counts = {"version": version + 1, "parts": len(data), "rows": len(rows)}
        item = {"pk": pk, "sk": "plan", "checksum": checksum, "currency": currency, **counts}
        try:
            self._table.put(
                {key: value(one) for key, one in item.items()},
                "attribute_not_exists(pk) OR version = :before",
                {":before": value(version)},
            )
        except NotMetError:
            raise PlanChangedError(f"plan {name} got another version than {version + 1} meanwhile") from None
        self._cache.drop((kazoo_account_id, name))
        for old in self._table.query(pk, "rates#"):
            if old["sk"]["S"] < f"rates#{version:08d}":
                self._table.delete({"pk": old["pk"], "sk": old["sk"]})
        return version + 1

    def _load(self, kazoo_account_id: str, name: str) -> RateTable | None:
        pk = self._pk(kazoo_account_id, name)
        for attempt in self._table.attempts():
            plan = self._table.get({"pk": value(pk), "sk": value("plan")})
            if plan is None:
                return None
            version = int(plan["version"]["N"])
            rows: list[Any] = []
            parts = 0
            for part in self._table.query(pk, f"rates#{version:08d}#{plan['checksum']['S']}#"):
                rows += json.loads(zlib.decompress(plain(part["data"])))
                parts += 1
            if parts == int(plan["parts"]["N"]):
                return RateTable.from_rows(rows, currency=plan["currency"]["S"], version=version)
            self._table.pause(attempt)
        raise StoreUnavailableError(f"plan {name} changed too often to be read")

    @staticmethod
    def _pk(kazoo_account_id: str, name: str) -> str:
        return f"{kazoo_account_id}#plan:{name}"


def _part_key(pk: str, version: int, checksum: str, part: int) -> dict[str, Any]:
    # Two publications of the same version at once write apart from each other; only one of them will count.
    return {"pk": value(pk), "sk": value(f"rates#{version:08d}#{checksum}#{part:04d}")}
