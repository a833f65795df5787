"""Checks the ids of a document against KAZOO itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pivot_app.documents import FromTable
from pivotctl.data._callers import CallersDocument
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import AnyDocument
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath

COLLECTIONS = {
    "ring_user": "users",
    "ring_device": "devices",
    "ring_group": "groups",
    "queue": "queues",
    "directory": "directories",
    "voicemail": "vmboxes",
    "callflow": "callflows",
    "conference": "conferences",
    "faxbox": "faxboxes",
}
_PARTIES = {"user": "users", "device": "devices", "group": "groups", "voicemail": "vmboxes"}
_ID = re.compile(r"[0-9a-f]{32}")

Ids = Callable[[str], "frozenset[str] | None"]
"""Gives the ids of a collection of the KAZOO account; None when the collection cannot be read."""


def unknown_ids(document: AnyDocument, ids_of: Ids) -> Iterator[Diagnostic]:
    """Yield the ids that the KAZOO account does not have; each collection is read once."""
    for place, collection, identifier in _ids(document):
        known = ids_of(collection)
        if known is not None and identifier not in known:
            message = f"the KAZOO account has no {identifier} among its {collection}"
            yield Diagnostic(place, "error", message)


def _ids(document: AnyDocument) -> Iterator[tuple[DocumentPath, str, str]]:
    for place, value in walk_values(document):
        yield from _of_action(document, place, value)
        for name, collection in _PARTIES.items():
            # Hunt entries and pickups name what the id is; members and support say it beside the id.
            if isinstance(found := getattr(value, name, None), str) and _ID.fullmatch(found):
                yield (*place, name), collection, found
        kind = getattr(value, "type", None) or getattr(value, "kind", None)
        if kind in _PARTIES and isinstance(found := getattr(value, "id", None), str) and _ID.fullmatch(found):
            yield (*place, "id"), _PARTIES[kind], found
    if isinstance(document, CallersDocument):
        for account_id, account in document.accounts.items():
            for user_id in account.users:
                yield ("accounts", account_id, "users", user_id), "users", user_id


def _of_action(document: Any, place: DocumentPath, value: Any) -> Iterator[tuple[DocumentPath, str, str]]:
    collection = COLLECTIONS.get(getattr(value, "do", ""))
    if collection is None:
        return
    found = value.id
    if isinstance(found, FromTable):
        for key, entry in document.tables.get(found.from_, {}).items():
            if _ID.fullmatch(entry):
                yield ("tables", found.from_, key), collection, entry
    elif isinstance(found, str) and _ID.fullmatch(found):
        yield (*place, "id"), collection, found
