"""Versioned documents in DynamoDB: a version never changes, and one small head says which is live.

The table (one for all kinds of document)
    pk  `{kazoo_account_id}#{kind}`
    sk  `head`                    live: the version in force; start and page: its first page, saves calls a
    read
        `latest`                  the last version number given out
        `{version}#about`         who pushed it, when and why; how many pages; the source's SHA-256
        `{version}#page#{name}`   one menu, or the rules of one dialled number: what a step of a call reads
        `{version}#source#{part}` the file as it was pushed, comments included, for `pull`

A push writes a new version's rows, which nobody reads yet, and then moves the head by one conditional update:
a call sees the old version or the new one, never a mixture. Calls in progress carry their version and finish
on it.
"""

from __future__ import annotations

import gc
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pivot_app.aws.cache import Cache
from pivot_app.errors import ApplicationError
from pivot_app.lazy_dataclass import dataclass

MAX_PAGE_BYTES = 350_000
"""Compressed; DynamoDB allows 400 KB for an item."""
_SOURCE_PART_BYTES = 350_000
_WRITES_AT_ONCE = 25
_ENTRY_BYTES = 500

Progress = Callable[[int, int], None]
"""Called with (rows written, rows in all)."""


class DocumentError(ApplicationError):
    """A document could not be stored or found; the message says why and what to do."""


class PushConflictError(DocumentError):
    """Someone else pushed in between. Nothing changed; look at their version, then push again."""


@dataclass(frozen=True, slots=True)
class Head:
    """The live version of a document, with the page most calls begin on."""

    version: int
    start: str
    page: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """One line of a document's history."""

    number: int
    created: datetime
    author: str
    note: str
    sha256: str
    pages: int
    live: bool


class Documents(Protocol):
    """The source of pages for the steps of a call; `DocumentStore` implements it."""

    def head(self, kazoo_account_id: str, kind: str) -> Head | None:
        """Return the live version."""

    def page(self, kazoo_account_id: str, kind: str, version: int, name: str) -> bytes | None:
        """Return one page of a version."""


class DocumentStore:
    """Documents of one table. `client` is a botocore DynamoDB client."""

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table = table_name

    def key(self, kazoo_account_id: str, kind: str, row: str) -> dict[str, Any]:
        """Return the key of one row."""
        return {"pk": {"S": f"{kazoo_account_id}#{kind}"}, "sk": {"S": row}}

    def head(self, kazoo_account_id: str, kind: str) -> Head | None:
        """Return the live version, by one GetItem; None when nothing was ever pushed."""
        return head_from_item(self._get(self.key(kazoo_account_id, kind, "head")))

    def page(self, kazoo_account_id: str, kind: str, version: int, name: str) -> bytes | None:
        """Return one page of a version as JSON, by one GetItem; None when the version has no such page."""
        return page_from_item(self._get(self.key(kazoo_account_id, kind, page_row(version, name))))

    def pages(self, kazoo_account_id: str, kind: str, version: int) -> Iterator[tuple[str, bytes]]:
        """Yield (name, JSON) of every page of a version."""
        prefix = page_row(version, "")
        for item in self._rows(kazoo_account_id, kind, prefix):
            page = page_from_item(item)
            if page is not None:
                yield item["sk"]["S"].removeprefix(prefix), page

    def source(self, kazoo_account_id: str, kind: str, version: int) -> str:
        """Return the file of a version as it was pushed. DocumentError when there is no such version."""
        parts = [
            item["part"]["B"] for item in self._rows(kazoo_account_id, kind, f"{_number(version)}#source#")
        ]
        if not parts:
            raise DocumentError(
                f"there is no version {version} of {kind}; `pivot data history {kind}` lists them"
            )
        return zlib.decompress(b"".join(parts)).decode()

    def history(self, kazoo_account_id: str, kind: str) -> list[Version]:
        """Return all versions, newest first."""
        head = self.head(kazoo_account_id, kind)
        found = []
        # The `about` rows are few among many pages, so each is asked for by name.
        for number in range(self._latest(kazoo_account_id, kind), 0, -1):
            item = self._get(self.key(kazoo_account_id, kind, f"{_number(number)}#about"))
            if item is not None:
                found.append(_version(number, item, live=head is not None and head.version == number))
        return found

    def push(
        self,
        kazoo_account_id: str,
        kind: str,
        *,
        pages: Mapping[str, bytes],
        start: str,
        source: str,
        author: str,
        now: datetime,
        note: str = "",
        expected: int | None = None,
        progress: Progress = lambda _done, _all: None,
    ) -> int:
        """Store a new version and make it live; return its number.

        `expected` is the version the author has seen as live (0 for none); without it, whichever is live now.

        Raises:
            PushConflictError: another version went live meanwhile; the live data is as it was.
            DocumentError: a page is too large.
        """
        if start not in pages:
            raise DocumentError(f"the start page {start!r} is not among the pages")
        packed = {name: _pack(name, page) for name, page in pages.items()}
        head = self.head(kazoo_account_id, kind)
        live = head.version if head else 0
        if expected is not None and expected != live:
            raise PushConflictError(
                f"version {live} of {kind} is live, not {expected}; pull it, then push again"
            )
        version = self._claim(kazoo_account_id, kind)
        rows = list(
            self._version_rows(kazoo_account_id, kind, version, packed, start, source, author, note, now)
        )
        for done in range(0, len(rows), _WRITES_AT_ONCE):
            self._write(rows[done : done + _WRITES_AT_ONCE])
            progress(min(done + _WRITES_AT_ONCE, len(rows)), len(rows))
        self._switch(kazoo_account_id, kind, live, version, start, packed[start])
        return version

    def roll_back(self, kazoo_account_id: str, kind: str, version: int) -> None:
        """Make an earlier version live again. DocumentError when the version does not exist."""
        about = self._get(self.key(kazoo_account_id, kind, f"{_number(version)}#about"))
        if about is None:
            raise DocumentError(
                f"there is no version {version} of {kind}; `pivot data history {kind}` lists them"
            )
        start = about["start"]["S"]
        page = self._get(self.key(kazoo_account_id, kind, page_row(version, start)))
        head = self.head(kazoo_account_id, kind)
        if page is None:
            raise DocumentError(f"version {version} of {kind} was never completed and cannot go live")
        self._switch(kazoo_account_id, kind, head.version if head else 0, version, start, page["page"]["B"])

    def _claim(self, kazoo_account_id: str, kind: str) -> int:
        """Take the next version number; two pushes at once get two numbers."""
        answer = self._client.update_item(
            TableName=self._table,
            Key=self.key(kazoo_account_id, kind, "latest"),
            UpdateExpression="ADD latest :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["latest"]["N"])

    def _latest(self, kazoo_account_id: str, kind: str) -> int:
        item = self._get(self.key(kazoo_account_id, kind, "latest"))
        return int(item["latest"]["N"]) if item else 0

    def _version_rows(
        self,
        kazoo_account_id: str,
        kind: str,
        version: int,
        packed: Mapping[str, bytes],
        start: str,
        source: str,
        author: str,
        note: str,
        now: datetime,
    ) -> Iterator[dict[str, Any]]:
        for name, page in packed.items():
            yield {**self.key(kazoo_account_id, kind, page_row(version, name)), "page": {"B": page}}
        compressed = zlib.compress(source.encode(), 9)
        for part, begin in enumerate(range(0, len(compressed), _SOURCE_PART_BYTES)):
            key = self.key(kazoo_account_id, kind, f"{_number(version)}#source#{part:04d}")
            yield {**key, "part": {"B": compressed[begin : begin + _SOURCE_PART_BYTES]}}
        # Last, so that a version whose writing was cut short is never in the history.
        yield {
            **self.key(kazoo_account_id, kind, f"{_number(version)}#about"),
            "created": {"S": now.isoformat(timespec="seconds")},
            "author": {"S": author[:200]},
            "note": {"S": note[:500]},
            "sha256": {"S": hashlib.sha256(source.encode()).hexdigest()},
            "pages": {"N": str(len(packed))},
            "start": {"S": start},
        }

    def _switch(
        self, kazoo_account_id: str, kind: str, live: int, version: int, start: str, page: bytes
    ) -> None:
        condition = "live = :seen" if live else "attribute_not_exists(live)"
        values = {":live": {"N": str(version)}, ":start": {"S": start}, ":page": {"B": page}}
        if live:
            values[":seen"] = {"N": str(live)}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=self.key(kazoo_account_id, kind, "head"),
                UpdateExpression="SET live = :live, #start = :start, page = :page",
                ConditionExpression=condition,
                ExpressionAttributeNames={"#start": "start"},
                ExpressionAttributeValues=values,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise PushConflictError(
                f"another version of {kind} went live meanwhile; pull it, then push again"
            ) from None

    def _get(self, key: dict[str, Any]) -> dict[str, Any] | None:
        item: dict[str, Any] | None = self._client.get_item(TableName=self._table, Key=key).get("Item")
        return item

    def _rows(self, kazoo_account_id: str, kind: str, prefix: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": f"{kazoo_account_id}#{kind}"}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]

    def _write(self, rows: list[dict[str, Any]]) -> None:
        pending = {self._table: [{"PutRequest": {"Item": row}} for row in rows]}
        for _ in range(10):
            pending = self._client.batch_write_item(RequestItems=pending).get("UnprocessedItems") or {}
            if not pending:
                return
        raise DocumentError(
            "DynamoDB keeps refusing writes (throttled); the live data is as it was, push again later"
        )


def document_store() -> DocumentStore:
    """Return the documents of this deployment."""
    from pivot_app import aws
    from pivot_app.settings import settings

    return DocumentStore(aws.client("dynamodb"), settings().documents_table)


def page_row(version: int, name: str) -> str:
    """Return the sort key of a page."""
    return f"{_number(version)}#page#{name}"


def head_from_item(item: Mapping[str, Any] | None) -> Head | None:
    """Read a head row."""
    if item is None or "live" not in item:
        return None
    return Head(int(item["live"]["N"]), item["start"]["S"], zlib.decompress(item["page"]["B"]))


def page_from_item(item: Mapping[str, Any] | None) -> bytes | None:
    """Read a page row."""
    return None if item is None else zlib.decompress(item["page"]["B"])


def _number(version: int) -> str:
    return f"{version:08d}"


def _pack(name: str, page: bytes) -> bytes:
    packed = zlib.compress(page, 9)
    if len(packed) > MAX_PAGE_BYTES:
        raise DocumentError(
            f"{name} takes {len(packed):,} bytes compressed, over the {MAX_PAGE_BYTES:,} of one database "
            "row; split it"
        )
    return packed


def _version(number: int, item: Mapping[str, Any], *, live: bool) -> Version:
    return Version(
        number=number,
        created=datetime.fromisoformat(item["created"]["S"]),
        author=item["author"]["S"],
        note=item["note"]["S"],
        sha256=item["sha256"]["S"],
        pages=int(item["pages"]["N"]),
        live=live,
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the garbage collector: searching a page's many small objects is slower than reading."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


T = TypeVar("T")


class PageCache(Generic[T]):
    """Parsed pages of immutable versions, the latest used ones only, bounded by the JSON they were read
    from."""

    def __init__(self, parse: Callable[[bytes], T], *, max_bytes: int = 16_000_000) -> None:
        self._parse = parse
        self._max_bytes = max_bytes
        # A version never changes, so no page is too old.
        self._pages: Cache[T] = Cache(max_bytes // _ENTRY_BYTES, float("inf"), max_bytes=max_bytes)

    def get(self, kazoo_account_id: str, version: int, name: str) -> T | None:
        """Return the page, if it is here."""
        return self._pages.get((kazoo_account_id, version, name))

    def clear(self) -> None:
        """Forget everything."""
        self._pages.clear()

    def add(self, kazoo_account_id: str, version: int, name: str, page: bytes) -> T:
        """Parse and keep a page."""
        with _collector_paused():
            parsed = self._parse(page)
        return self.keep(kazoo_account_id, version, name, parsed, len(page))

    def keep(self, kazoo_account_id: str, version: int, name: str, parsed: T, size: int) -> T:
        """Keep a page that is parsed already, under this name too; `size` counts towards the bound."""
        key = (kazoo_account_id, version, name)
        if self._pages.get(key) is None:
            self._pages.put(key, parsed, size_bytes=min(size + _ENTRY_BYTES, self._max_bytes))
        return parsed
