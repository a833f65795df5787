"""Big tables of rows under a name, in numbered versions of which one counts: rates of a plan, deny lists.

    pk `{kazoo_account_id}#{kind}:{name}`
    sk `plan`                   the live version: currency, rows, checksum, when, from what
    sk `version#{version:08d}`  the same of each version before it
    sk `rates#{version:08d}#{checksum}#{part:04d}`  the rows, compressed

A version is written whole before the first item names it, so a reader never sees half of one. An instance
caches versions: a new version takes effect everywhere within a minute.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from pivot_app.aws.cache import Cache
from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._errors import InvalidAmountError, PlanChangedError
from pivot_app.ledger._items import Item, plain, value
from pivot_app.ledger._table import ConditionFailedError, Table

PART_ROWS = 20_000
"""Rows of one item: some 200 kB compressed, half of what an item may be."""

KEPT_VERSIONS = 10
"""Versions that can be read and brought back, the live one included."""

CURRENT = "plan"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,63}")

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a table. `at` is when it was published, in epoch seconds; `note` says from what."""

    name: str
    version: int
    checksum: str
    parts: int
    rows: int
    currency: str = ""
    at: int = 0
    note: str = ""


class VersionedRows(Generic[Loaded]):
    """The tables of one kind.

    Args:
        table: The accounts table.
        kind: What is before the name in the partition key.
        cache: What this instance read.
        make: What a version and its rows are made into.

    """

    def __init__(
        self,
        table: Table,
        kind: str,
        cache: Cache[Loaded],
        make: Callable[[Version, list[Any]], Loaded],
    ) -> None:
        self._table = table
        self._kind = kind
        self._cache = cache
        self._make = make

    def current(self, kazoo_account_id: str, name: str) -> Loaded | None:
        """Return the live version, None if there is no such table; cached if the store is unavailable."""
        key = (kazoo_account_id, name)
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        try:
            loaded = self.load(kazoo_account_id, name)
        except StoreUnavailableError:
            if (stale := self._cache.get(key, stale=True)) is None:
                raise
            return stale
        if loaded is not None:
            self._cache.put(key, loaded)
        return loaded

    def load(self, kazoo_account_id: str, name: str, version: int | None = None) -> Loaded | None:
        """Return a version as stored, the live one if none is named; None if it is not there."""
        pk = self._pk(kazoo_account_id, name)
        for attempt in self._table.attempts():
            found = self.head(kazoo_account_id, name)
            if found is not None and version not in {None, found.version}:
                found = self._version(name, self._table.get(_version_key(pk, version or 0)))
            if found is None:
                return None
            rows: list[Any] = []
            parts = 0
            for part in self._table.query(pk, f"rates#{found.version:08d}#{found.checksum}#"):
                rows += json.loads(zlib.decompress(plain(part["data"])))
                parts += 1
            if parts == found.parts:
                return self._make(found, rows)
            self._table.pause(attempt)
        raise StoreUnavailableError(f"{self._kind} {name} changed too often to be read")

    def head(self, kazoo_account_id: str, name: str) -> Version | None:
        """Return the live version, without its rows."""
        key = {"pk": value(self._pk(kazoo_account_id, name)), "sk": value(CURRENT)}
        return self._version(name, self._table.get(key))

    def history(self, kazoo_account_id: str, name: str) -> list[Version]:
        """Return every version that can be brought back, the live one first."""
        head = self.head(kazoo_account_id, name)
        if head is None:
            return []
        items = self._table.query(self._pk(kazoo_account_id, name), "version#")
        before = [version for item in items if (version := self._version(name, item)) is not None]
        return [head, *reversed([each for each in before if each.version < head.version])]

    def names(self, kazoo_account_id: str) -> list[Version]:
        """Every table of a KAZOO account: reads the whole accounts table, for an operator's commands only."""
        prefix = f"{kazoo_account_id}#{self._kind}:"
        items = self._table.scan(
            FilterExpression="sk = :current AND begins_with(pk, :prefix)",
            ExpressionAttributeValues={":current": value(CURRENT), ":prefix": value(prefix)},
        )
        found = (self._version(item["pk"]["S"].removeprefix(prefix), item) for item in items)
        return sorted((each for each in found if each is not None), key=lambda version: version.name)

    def publish(
        self,
        kazoo_account_id: str,
        name: str,
        rows: Sequence[Any],
        *,
        currency: str = "",
        at: int = 0,
        note: str = "",
    ) -> int:
        """Make these rows the live version; return its number. The same again changes nothing.

        Raises:
            InvalidAmountError: The name is none.
            PlanChangedError: Another publication came first.

        """
        if not _NAME.fullmatch(name):
            raise InvalidAmountError(
                f"{self._kind} name", name[:80], "1 to 64 letters, digits, dots and dashes"
            )
        pk = self._pk(kazoo_account_id, name)
        data = [
            zlib.compress(json.dumps(rows[start : start + PART_ROWS], separators=(",", ":")).encode())
            for start in range(0, len(rows), PART_ROWS)
        ]
        checksum = hashlib.sha256(b"".join(data)).hexdigest()[:16]
        before = self.head(kazoo_account_id, name)
        if before and (before.checksum, before.currency) == (checksum, currency):
            return before.version
        new = Version(
            name, before.version + 1 if before else 1, checksum, len(data), len(rows), currency, at, note
        )
        for part, compressed in enumerate(data):
            self._table.put(_part_key(pk, new, part) | {"data": value(compressed)})
        if before:
            self._table.put(_version_key(pk, before.version) | _described(before))
        try:
            self._table.put(
                {"pk": value(pk), "sk": value(CURRENT)} | _described(new),
                "attribute_not_exists(pk) OR version = :before",
                {":before": value(new.version - 1)},
            )
        except ConditionFailedError:
            raise PlanChangedError(
                f"{self._kind} {name} got another version than {new.version} meanwhile"
            ) from None
        self._cache.drop((kazoo_account_id, name))
        self._forget_old(kazoo_account_id, name)
        return new.version

    def _forget_old(self, kazoo_account_id: str, name: str) -> None:
        """Remove versions beyond those kept, and rows of publications that never counted."""
        history = self.history(kazoo_account_id, name)
        head, kept = history[0], history[:KEPT_VERSIONS]
        pk = self._pk(kazoo_account_id, name)
        wanted = {f"rates#{each.version:08d}#{each.checksum}" for each in kept}
        # A publication of the next version may be writing its rows right now.
        doomed = [
            item
            for item in self._table.query(pk, "rates#")
            if item["sk"]["S"] < f"rates#{head.version:08d}#"
            and item["sk"]["S"].rpartition("#")[0] not in wanted
        ]
        doomed += [_version_key(pk, old.version) for old in history[KEPT_VERSIONS:]]
        for item in doomed:
            self._table.delete({"pk": item["pk"], "sk": item["sk"]})

    def _pk(self, kazoo_account_id: str, name: str) -> str:
        return f"{kazoo_account_id}#{self._kind}:{name}"

    @staticmethod
    def _version(name: str, item: Item | None) -> Version | None:
        if item is None:
            return None
        stored = {field: plain(item[field]) for field in Version.__slots__ if field in item}
        return Version(**{**stored, "name": name})


def _described(version: Version) -> Item:
    stored = {field: getattr(version, field) for field in Version.__slots__ if field != "name"}
    return {field: value(kept) for field, kept in stored.items()}


def _version_key(pk: str, version: int) -> Item:
    return {"pk": value(pk), "sk": value(f"version#{version:08d}")}


def _part_key(pk: str, version: Version, part: int) -> Item:
    # Two publications of the same version at once write apart from each other; only one of them will count.
    return {"pk": value(pk), "sk": value(f"rates#{version.version:08d}#{version.checksum}#{part:04d}")}
