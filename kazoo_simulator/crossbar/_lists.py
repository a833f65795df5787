"""Lists: summaries, filters, pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ._cluster import SUMMARY, Stored
from ._context import Context
from ._messages import JsonObject, Reply

DEFAULT_PAGE = 50


def summary(stored: Stored) -> JsonObject:
    """Return a document's row in its list; what is not set is absent."""
    row = {"id": stored.id} | {
        name: stored.data[name] for name in SUMMARY[stored.kind] if stored.data.get(name) is not None
    }
    if stored.kind == "devices":
        row = {"mac_address": "", "enabled": True} | row
    if stored.kind == "groups":
        row["endpoints"] = len(stored.data.get("endpoints") or {})
    if stored.kind == "vmboxes":
        row |= {"messages": 0, "folders": {"new": 0, "saved": 0}}
    return {**row, "flags": stored.data.get("flags") or []}


def listed(context: Context, found: Sequence[Stored], row: Callable[[Stored], JsonObject]) -> Reply:
    """Return the page of a list that the query asks for; order is of no use in KAZOO."""
    chosen = [each for each in found if passes(each.data, context.query, context.version)]
    chosen.sort(key=lambda each: each.id, reverse=True)
    return paged(context, [(each.id, row(each)) for each in chosen])


def paged(context: Context, rows: list[tuple[str, Any]], *, is_chunked: bool = False) -> Reply:
    """Return one page of rows, each with the key that would begin a page there."""
    if context.query.get("paginate") == "false":
        return Reply([row for _, row in rows], is_chunked=is_chunked and bool(rows))
    size = context.query.get("page_size", "")
    limit = int(size) if size.isdigit() and int(size) > 0 else DEFAULT_PAGE
    begin = 0
    if start := context.query.get("start_key"):
        key = decode_key(start)
        begin = next((place for place, (each, _) in enumerate(rows) if each == key), len(rows))
    page = rows[begin : begin + limit]
    fault = context.cluster.switches.rows_before_fault
    if is_chunked and fault is not None:
        page = page[:fault]
    paging: JsonObject = {"page_size": len(page), "start_key": encode_key(page[0][0]) if page else ""}
    if begin + limit < len(rows):
        paging["next_start_key"] = encode_key(rows[begin + limit][0])
    return Reply([row for _, row in page], paging=paging, is_chunked=is_chunked and bool(page))


def encode_key(key: str) -> str:
    """Return the opaque form of a page's first key."""
    return "g20" + base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode_key(text: str) -> str:
    """Return the key of its opaque form; what is none finds nothing."""
    body = text.removeprefix("g20")
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError:
        return ""


def passes(data: JsonObject, query: Mapping[str, str], version: str) -> bool:
    """Return whether a whole document fits every filter of the query."""
    for name, wanted in query.items():
        if name.startswith("filter_array_intersect_any_") and version == "5":
            value = at(data, name.removeprefix("filter_array_intersect_any_"))
            if not isinstance(value, list) or not set(map(str, value)) & set(map(str, _any_of(wanted))):
                return False
        elif name.startswith("filter_not_"):
            if as_text(at(data, name.removeprefix("filter_not_"))) in _any_of(wanted):
                return False
        elif name.startswith("filter_"):
            if as_text(at(data, name.removeprefix("filter_"))) not in _any_of(wanted):
                return False
        elif (name == "has_key" and at(data, wanted) is None) or (
            name == "key_missing" and at(data, wanted) is not None
        ):
            return False
    return True


def at(data: Any, path: str) -> Any:
    """Return the value at a dotted path."""
    for key in path.split("."):
        data = data.get(key) if isinstance(data, dict) else None
    return data


def as_text(value: Any) -> str | None:
    """Return a value as filters see it: a list is the concatenation of its entries."""
    if isinstance(value, list):
        return "".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _any_of(wanted: str) -> list[str]:
    try:
        values = json.loads(wanted)
    except ValueError:
        return [wanted]
    return [str(each) for each in values] if isinstance(values, list) else [wanted]
