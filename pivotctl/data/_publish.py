"""Brings documents into a deployment: all of one or nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pivot_app.documents import Record
from pivotctl.data._callers import CallersDocument
from pivotctl.data._callers_live import Progress, live_callers, push_callers
from pivotctl.data._deployment import Deployment
from pivotctl.data._files import Source, parse
from pivotctl.data._models import encode
from pivotctl.data.documents import AnyDocument, MenuDocument, RoutingDocument


def pages_of(document: MenuDocument | RoutingDocument) -> dict[str, bytes]:
    """Return what each step of a call reads, by name."""
    names = document.menus if isinstance(document, MenuDocument) else document.routes
    return {name: page_bytes(document.page(name)) for name in names}


def page_bytes(page: Record) -> bytes:
    """Return a page as it is stored: what it says beyond the defaults."""
    return json.dumps(encode(page), ensure_ascii=False, separators=(",", ":")).encode()


def push(
    deployment: Deployment,
    kazoo_account_id: str,
    source: Source,
    *,
    author: str,
    now: datetime,
    note: str = "",
    expected: int | None = None,
    progress: Progress = lambda _done, _all: None,
) -> int:
    """Put a document live; return its version (0 for callers, which have none).

    Raises:
        PublishError: Something the document refers to is missing.
        DocumentError: It is too large, or someone else pushed meanwhile.
    """
    if isinstance(source.document, CallersDocument):
        push_callers(deployment, kazoo_account_id, source.document, progress)
        return 0
    return deployment.documents.push(
        kazoo_account_id,
        source.kind,
        pages=pages_of(source.document),
        start=source.document.start,
        source=source.text,
        author=author,
        now=now,
        note=note,
        expected=expected,
        progress=progress,
    )


def live_document(deployment: Deployment, kazoo_account_id: str, kind: str) -> Source | None:
    """Return the live document as it was pushed; None when there is none."""
    head = deployment.documents.head(kazoo_account_id, kind)
    if head is None:
        return None
    return parse(
        deployment.documents.source(kazoo_account_id, kind, head.version), f"{kind} version {head.version}"
    )


def callers_differences(
    deployment: Deployment, kazoo_account_id: str, document: CallersDocument
) -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, old, new) of what a push of callers would change. PINs, of which only hashes are stored,
    count as new."""
    live = live_callers(deployment, kazoo_account_id, document.accounts)
    new = _plain(document)["accounts"]
    yield from _differences("accounts", live, new)


def differences(old: AnyDocument | None, new: AnyDocument) -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, old, new) of everything that differs; None where one side has nothing."""
    before = {} if old is None else _plain(old)
    yield from _differences("", before, _plain(new))


def _plain(document: AnyDocument) -> Any:
    return encode(document)


def _differences(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(f"{path}.{key}" if path else key, old.get(key), new.get(key))
    elif _is_named_list(old) and _is_named_list(new) and old != new:
        # Rules are told apart by name, so that one inserted at the top does not look like a change of all.
        names = [rule["name"] for rule in old], [rule["name"] for rule in new]
        yield from _differences(path, {r["name"]: r for r in old}, {r["name"]: r for r in new})
        kept = [name for name in names[0] if name in names[1]]
        if kept != [name for name in names[1] if name in names[0]]:
            yield f"{path} (order)", ", ".join(kept), ", ".join(name for name in names[1] if name in kept)
    elif _sorted(old) != _sorted(new):
        yield path, old, new


def _is_named_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(r, dict) and "name" in r for r in value)


def _sorted(value: Any) -> Any:
    """Compare lists of texts without their order, since sets are written in any order."""
    return sorted(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
