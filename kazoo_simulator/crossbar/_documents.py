"""The five verbs on documents, the same for every collection."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from ._cluster import Stored, new_id
from ._context import Context
from ._lists import listed, summary
from ._messages import Faults, JsonObject, RefusalError, Reply, bad_identifier, merged, public, without_nulls

REQUIRED = {
    "users": ("first_name", "last_name"),
    "vmboxes": ("name", "mailbox"),
    "groups": ("name", "endpoints"),
}
_QUOTED = re.compile(r'(W/)?"[^"]*"|\*')


class Rules(Protocol):
    """The parts of the verbs that a collection defines."""

    def prepare(self, context: Context, data: JsonObject, stored: Stored | None) -> JsonObject:
        """Return the document to save, or refuse it."""
        ...

    def saved(self, context: Context, stored: Stored, before: JsonObject) -> None:
        """Follow a save, or a deletion."""
        ...

    def shown(self, context: Context, stored: Stored) -> Reply:
        """Return a document as it is read."""
        ...

    def patched(self, context: Context, stored: Stored) -> JsonObject:
        """Return a document with the request's patch applied."""
        ...

    def row(self, stored: Stored) -> JsonObject:
        """Return a document's row in the list."""
        ...


class PlainRules:
    """A collection without peculiarities."""

    def prepare(self, context: Context, data: JsonObject, stored: Stored | None) -> JsonObject:  # noqa: ARG002
        """Ask for the required fields."""
        faults = Faults()
        for name in REQUIRED.get(context.module, ("name",)):
            if data.get(name) in (None, ""):
                faults.add(name, "required", "Field is required but missing")
        faults.raise_if_any()
        return data

    def saved(self, context: Context, stored: Stored, before: JsonObject) -> None:
        """Nothing follows."""

    def shown(self, context: Context, stored: Stored) -> Reply:  # noqa: ARG002
        """Return the document and its revision."""
        return reply_of(stored)

    def patched(self, context: Context, stored: Stored) -> JsonObject:
        """Merge at every depth."""
        result: JsonObject = merged(stored.data, public(context.document))
        return result

    def row(self, stored: Stored) -> JsonObject:
        """Return the summary."""
        return summary(stored)


def reply_of(stored: Stored, extra: JsonObject | None = None) -> Reply:
    """Return a document with its id, its revision and `extra` keys."""
    return Reply(
        {**public(stored.data), "id": stored.id, **(extra or {})},
        revision=stored.revision,
        etag=f'"{stored.revision}"',
    )


def on_collection(context: Context, rules: Rules) -> Reply:
    """List or create."""
    cluster = context.cluster
    if context.verb == "GET":
        return listed(context, cluster.of_kind(context.account.id, context.module), rules.row)
    if context.verb != "PUT":
        raise RefusalError(405, "invalid_method")
    if context.header("if-match"):
        raise RefusalError(412, "", is_empty=True)
    given = public(without_nulls(context.document))
    document_id = str(given.pop("id", "") or "")
    if context.version == "5":
        document_id = ""
    if document_id and document_id in cluster.documents:
        raise RefusalError(409, "datastore_conflict", {"message": "conflicting documents"})
    data = rules.prepare(context, given, None)
    stored = cluster.add(context.account.id, context.module, data, document_id or new_id())
    rules.saved(context, stored, {})
    shown = rules.shown(context, stored)
    location = f"/v2/accounts/{context.account.id}/{context.module}/{stored.id}"
    data = {key: value for key, value in shown.data.items() if key != "metadata"}
    return Reply(data, 201, shown.revision, shown.etag, shown.metadata, location)


def on_document(context: Context, document_id: str, rules: Rules) -> Reply:
    """Read, replace, merge or delete one document."""
    stored = context.cluster.find(context.account.id, context.module, document_id)
    if stored is None:
        raise bad_identifier(document_id)
    if context.verb == "GET":
        if context.header("if-none-match") in (f'"{stored.revision}"', "*"):
            raise RefusalError(304, "", is_empty=True)
        return rules.shown(context, stored)
    _check_lock(context, stored)
    before = stored.data
    if context.verb == "DELETE":
        stored.is_deleted = True
        rules.saved(context, stored, before)
        if context.version == "5":
            return Reply(reply_of(stored).data, revision=stored.revision, metadata={"deleted": True})
        return reply_of(stored, {"_read_only": {"deleted": True}})
    save: dict[str, Callable[[], JsonObject]] = {
        "POST": lambda: public(without_nulls(context.document)),
        "PATCH": lambda: rules.patched(context, stored),
    }
    if context.verb not in save:
        raise RefusalError(405, "invalid_method")
    given = {key: value for key, value in save[context.verb]().items() if key != "id"}
    stored.save(rules.prepare(context, given, stored))
    rules.saved(context, stored, before)
    shown = rules.shown(context, stored)
    if context.module == "callflows":
        # Only reading adds the names of what is referred to; a `metadata` that was sent is stored.
        return reply_of(stored)
    return shown


def _check_lock(context: Context, stored: Stored) -> None:
    lock = context.header("if-match")
    if not lock:
        return
    if not _QUOTED.fullmatch(lock):
        raise RefusalError(400, "", is_empty=True)
    if lock not in (f'"{stored.revision}"', "*"):
        raise RefusalError(412, "", is_empty=True)
