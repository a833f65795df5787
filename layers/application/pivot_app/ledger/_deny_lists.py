"""Deny lists: prefixes that nobody on the list's accounts may call, shared by any number of accounts.

They are beside the accounts, not in them: an account's item is written for every call, and a fraud list has
tens of thousands of prefixes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pivot_app.aws.cache import Cache
from pivot_app.ledger._table import Table
from pivot_app.ledger._versions import Version, VersionedRows


class PrefixSet:
    """Prefixes of E.164 numbers, digits without +; asking takes one look-up for each length of them."""

    def __init__(self, prefixes: Iterable[str], *, name: str = "", version: int = 0) -> None:
        self.name = name
        self.version = version
        self._prefixes = frozenset(prefixes)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def __len__(self) -> int:
        return len(self._prefixes)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._prefixes))

    def matches(self, number: str) -> bool:
        """Return whether an E.164 number begins with one of the prefixes; a short code never does."""
        if not number.startswith("+"):
            return False
        return any(number[1 : 1 + length] in self._prefixes for length in self._lengths)


class DenyLists:
    """The deny lists in the accounts table."""

    def __init__(self, table: Table, cache: Cache[PrefixSet]) -> None:
        self._rows = VersionedRows(table, "deny", cache, _prefixes)

    def denies(self, kazoo_account_id: str, names: Iterable[str], number: str) -> bool:
        """Return whether one of the lists denies a number; new versions apply within a minute."""
        lists = (self._rows.current(kazoo_account_id, name) for name in names)
        return any(each is not None and each.matches(number) for each in lists)

    def load(self, kazoo_account_id: str, name: str, version: int | None = None) -> PrefixSet | None:
        """Return a version of a list, the live one if none is named; read now."""
        return self._rows.load(kazoo_account_id, name, version)

    def head(self, kazoo_account_id: str, name: str) -> Version | None:
        """Return the live version, without its prefixes."""
        return self._rows.head(kazoo_account_id, name)

    def history(self, kazoo_account_id: str, name: str) -> list[Version]:
        """Return every version that is kept, the live one first."""
        return self._rows.history(kazoo_account_id, name)

    def names(self, kazoo_account_id: str) -> list[Version]:
        """Return every list of a KAZOO account: for an operator's commands only."""
        return self._rows.names(kazoo_account_id)

    def publish(
        self, kazoo_account_id: str, name: str, prefixes: Iterable[str], *, at: int = 0, note: str = ""
    ) -> int:
        """Make these the list's prefixes; the number of the version."""
        return self._rows.publish(kazoo_account_id, name, sorted(set(prefixes)), at=at, note=note)


def _prefixes(version: Version, rows: list[Any]) -> PrefixSet:
    return PrefixSet(rows, name=version.name, version=version.version)
