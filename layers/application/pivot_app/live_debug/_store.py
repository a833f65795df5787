"""Reading the exchanges back: the recent calls of an account, and everything about one call."""

from __future__ import annotations

import base64
import binascii
import heapq
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any, Final

from pivot_app.lazy_dataclass import dataclass
from pivot_app.live_debug._filters import PAGE_CALLS, FilterError, Filters
from pivot_app.live_debug.exchange import RECENT_INDEX, Exchange, Summary, partition_key, recent_partition_key

MAX_CALL_EXCHANGES: Final = 200
"""The exchanges of one call that are shown; KAZOO itself ends a call that loops long before."""
MAX_SCANNED: Final = 2000
"""Exchanges looked at for one page when a filter matches few; the cursor goes on from there."""
_CURSOR = re.compile(r"\d{13}#[0-9a-f]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One call in the list."""

    kazoo_account_id: str
    call_id: str
    started_ms: int
    last_ms: int
    caller: str
    caller_name: str
    dialled: str
    callbacks: Sequence[str]
    """In the order they were asked, each once."""
    exchanges: int
    outcome: str
    """The worst of its exchanges: a call with one fallback among ten answers needs a look."""
    reason: str
    slowest_us: int
    marks: int
    heard: str
    """The first words of the last answer that spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some calls, newest first; `next` continues behind them, None at the end."""

    calls: Sequence[CallLine]
    next: str | None
    scanned: int
    """Exchanges looked at, whether they matched or not."""


class ExchangeStore:
    """The exchanges table, read only."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def recent(
        self,
        kazoo_account_id: str,
        filters: Filters | None = None,
        *,
        limit: int = PAGE_CALLS,
        cursor: str = "",
        shards: int = 1,
    ) -> Page:
        """Return the account's calls, newest first, by the time of their first request.

        One query a page with one shard and filters that match; filters that match little are followed for
        `MAX_SCANNED` exchanges and then continue with the cursor. The cursor is a place in time and not a
        count, so calls that arrive meanwhile neither shift nor repeat anything behind it.

        Raises:
            FilterError: The cursor is invalid.
        """
        filters = filters or Filters()
        before = _decode(cursor) if cursor else f"{filters.to_ms:013d}"
        after = f"{filters.from_ms:013d}"
        if before <= after:
            return Page(calls=(), next=None, scanned=0)
        rows = self._merged(kazoo_account_id, after, before, limit, shards)
        calls: list[CallLine] = []
        scanned = 0
        place: str | None = None
        for group_place, group in groupby(rows, key=_place):
            if place is not None and (len(calls) >= limit or scanned >= MAX_SCANNED):
                return Page(calls=calls, next=_encode(place), scanned=scanned)
            call = sorted(group, key=lambda line: line.recent_key)
            scanned += len(call)
            place = group_place
            if filters.match(call):
                calls.append(_line(call))
        return Page(calls=calls, next=None, scanned=scanned)

    def call(self, kazoo_account_id: str, call_id: str) -> list[Exchange]:
        """Return the exchanges of one call in order, at most `MAX_CALL_EXCHANGES`; empty if unknown."""
        exchanges: list[Exchange] = []
        query = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition_key(kazoo_account_id, call_id)}},
            "Limit": MAX_CALL_EXCHANGES,
        }
        while len(exchanges) < MAX_CALL_EXCHANGES:
            answer = self._client.query(**query)
            exchanges += [Exchange.from_item(item) for item in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return exchanges[:MAX_CALL_EXCHANGES]

    def _merged(
        self, kazoo_account_id: str, after: str, before: str, limit: int, shards: int
    ) -> Iterator[Summary]:
        # A call is rarely more than four exchanges, so a page of calls is rarely more than one query.
        rows = min(max(limit * 4, 20), 500)
        queries = [
            {
                "TableName": self._table,
                "IndexName": RECENT_INDEX,
                "KeyConditionExpression": "recent_pk = :pk AND recent_sk BETWEEN :after AND :before",
                "ExpressionAttributeValues": {
                    ":pk": {"S": recent_partition_key(kazoo_account_id, shard)},
                    ":after": {"S": after},
                    # Every key is longer than this bound, so none equals it: BETWEEN excludes it.
                    ":before": {"S": before},
                },
                "ScanIndexForward": False,
                "Limit": rows,
            }
            for shard in range(shards)
        ]
        if shards == 1:
            return self._rows(queries[0], self._client.query(**queries[0]))
        with ThreadPoolExecutor(max_workers=min(shards, 8)) as pool:
            first = list(pool.map(lambda query: self._client.query(**query), queries))
        return heapq.merge(
            *(self._rows(query, answer) for query, answer in zip(queries, first, strict=True)),
            key=lambda line: line.recent_key,
            reverse=True,
        )

    def _rows(self, query: dict[str, Any], answer: dict[str, Any]) -> Iterator[Summary]:
        while True:
            yield from map(Summary.from_item, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            answer = self._client.query(**query, ExclusiveStartKey=answer["LastEvaluatedKey"])


_WORST_LAST: Final = ("repeated", "answered", "refused", "fallback")


def _line(call: Sequence[Summary]) -> CallLine:
    first = call[0]
    worst = max(call, key=lambda line: _WORST_LAST.index(line.outcome) if line.outcome in _WORST_LAST else 0)
    return CallLine(
        kazoo_account_id=first.kazoo_account_id,
        call_id=first.call_id,
        started_ms=first.call_started_ms,
        last_ms=call[-1].received_ms,
        caller=first.caller,
        caller_name=first.caller_name,
        dialled=first.dialled,
        callbacks=list(dict.fromkeys(line.callback for line in call)),
        exchanges=len(call),
        outcome=worst.outcome,
        reason=worst.reason,
        slowest_us=max(line.total_us for line in call),
        marks=sum(line.marks for line in call),
        heard=next((line.heard for line in reversed(call) if line.heard), ""),
    )


def _place(line: Summary) -> str:
    """Return where the line's call stands: its start and the digest of its Call-ID."""
    return line.recent_key[:22]


def _encode(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        place = ""
    if not _CURSOR.fullmatch(place):
        raise FilterError("cursor", "not a cursor of this list", "pass `next` of the page before, unchanged")
    return place
