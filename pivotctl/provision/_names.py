"""Finds what a document names: users, devices, groups, voicemail boxes and callflows of a KAZOO account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from pivot_app.crossbar import Crossbar
from pivotctl.errors import UsageError

Row = Mapping[str, Any]


class UnresolvedNameError(UsageError):
    """A name fits nothing, or more than one thing, in the KAZOO account; the message shows what there is."""


class Names:
    """The names of one account; each list is read once."""

    def __init__(self, crossbar: Crossbar) -> None:
        self._crossbar = crossbar

    @cached_property
    def callflows(self) -> list[Row]:
        """The rows of all callflows."""
        return self._crossbar.callflows.rows()

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        return {}

    def rows(self, kind: str) -> list[Row]:
        """Return the rows of a kind: user, device, group, voicemail, callflow, menu, media..."""
        if kind == "callflow":
            return self.callflows
        if kind not in self._rows:
            collection = {"voicemail": "vmboxes", "media": "media"}.get(kind, f"{kind}s")
            self._rows[kind] = self._crossbar.collection(collection).rows()
        return self._rows[kind]

    def find(self, kind: str, name: str) -> str:
        """Return the id of what has that name, extension or id; UnresolvedNameError otherwise."""
        rows = self.rows(kind)
        found = [row for row in rows if name == row.get("id")]
        found = found or [row for row in rows if name in set(_names(kind, row))]
        found = found or [row for row in rows if name.casefold() in {n.casefold() for n in _names(kind, row)}]
        ids = list(dict.fromkeys(str(row["id"]) for row in found))
        if not ids and name.isdigit():
            ids = self._by_extension(kind, name)
        if len(ids) == 1:
            return ids[0]
        if ids:
            shown = ", ".join(f"{each} ({_title(kind, row)})" for each, row in zip(ids, found, strict=False))
            raise UnresolvedNameError(f"{kind} {name!r} fits {len(ids)}: {shown}; give the id")
        raise UnresolvedNameError(f"the account has no {kind} {name!r}{_hint(kind, name, rows)}")

    def _by_extension(self, kind: str, extension: str) -> list[str]:
        """Return what the callflow with that number leads to first: extensions are numbers of callflows."""
        module = {"group": "ring_group"}.get(kind, kind)
        for row in self.callflows:
            if extension not in (row.get("numbers") or ()):
                continue
            flow = self._crossbar.callflows.get(str(row["id"])).data.get("flow") or {}
            data = flow.get("data") or {}
            if flow.get("module") == module and data.get("id"):
                return [str(data["id"])]
            if module == "ring_group" == flow.get("module"):
                return [str(e["id"]) for e in data.get("endpoints", []) if e.get("endpoint_type") == "group"]
        return []


def _names(kind: str, row: Row) -> Iterable[str]:
    if kind == "user":
        yield f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
        yield from (str(row[key]) for key in ("username", "email") if row.get(key))
    else:
        yield from (str(row[key]) for key in ("name", "mailbox") if row.get(key) not in (None, ""))
    if kind == "callflow":
        yield from map(str, row.get("numbers") or ())


def _title(kind: str, row: Row) -> str:
    return next(iter(_names(kind, row)), "no name")


def _hint(kind: str, name: str, rows: list[Row]) -> str:
    titles = sorted({_title(kind, row) for row in rows})
    if not titles:
        return "; it has none at all"
    close = get_close_matches(name, titles, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    shown = ", ".join(titles[:8]) + (f" and {len(titles) - 8} more" if len(titles) > 8 else "")
    return f"; there are {shown}"
