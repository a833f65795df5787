"""Collections of KAZOO's documents: callflows, users, webhooks and the like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pivot_app.lazy_dataclass import dataclass

from ._errors import CrossbarUnavailableError
from ._http import CrossbarHttp, Reply

READ_ONLY = frozenset({"id", "metadata", "_read_only"})


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document: its public fields without `id` and what KAZOO adds when it is read.

    `etag` locks an update: a document that changed since it was read is not overwritten.
    """

    id: str
    data: Mapping[str, Any]
    etag: str
    metadata: Mapping[str, Any]


class Collection:
    """One collection of an account, such as `callflows`."""

    def __init__(self, http: CrossbarHttp, account_path: str, name: str) -> None:
        self.name = name
        self._http = http
        self._path = f"{account_path}/{name}"

    def rows(self, **query: str) -> list[Mapping[str, Any]]:
        """Return the summaries of all documents, in no order."""
        reply = self._http.send("GET", self._path, query={"paginate": "false", **query})
        return [row for row in reply.data if isinstance(row, Mapping)] if isinstance(reply.data, list) else []

    def get(self, document_id: str) -> Document:
        """Return a document; CrossbarNotFoundError if it is gone."""
        return self._document(self._http.send("GET", self._one(document_id)), document_id)

    def create(self, data: Mapping[str, Any]) -> Document:
        """Create a document, under an id that KAZOO chooses.

        After CrossbarUnavailableError it may exist: look before creating it again.
        """
        given = {key: value for key, value in data.items() if key not in READ_ONLY}
        return self._document(self._http.send("PUT", self._path, given), "")

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        """Replace the public fields of a document; CrossbarConflictError if it changed since it was read."""
        given = {key: value for key, value in data.items() if key not in READ_ONLY}
        reply = self._http.send("POST", self._one(document.id), given, etag=document.etag)
        return self._document(reply, document.id)

    def delete(self, document: Document) -> None:
        """Delete a document permanently; CrossbarConflictError if it changed since it was read."""
        self._http.send("DELETE", self._one(document.id), etag=document.etag)

    def _one(self, document_id: str) -> str:
        return f"{self._path}/{self._http.segment(document_id)}"

    def _document(self, reply: Reply, document_id: str) -> Document:
        if not isinstance(reply.data, Mapping) or not (reply.data.get("id") or document_id):
            raise CrossbarUnavailableError(
                f"{self._path}: the answer is not a document",
                status=reply.status,
                request_id=reply.request_id,
            )
        metadata = reply.data.get("metadata")
        return Document(
            id=str(reply.data.get("id") or document_id),
            data={key: value for key, value in reply.data.items() if key not in READ_ONLY},
            etag=reply.etag,
            metadata={**(metadata if isinstance(metadata, Mapping) else {}), **reply.metadata},
        )
