"""Callflows that ask us: as they were made, fit to ask, their targets alive, their numbers theirs alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pivot_app.crossbar import Crossbar, CrossbarNotFoundError, Provisioned, token_of

from ._findings import Finding

AGAIN = "run `pivot provision` with the account's kazoo.yaml again"
_PHONE = re.compile(r"\+\d{7,}")
_COLLECTIONS = {
    "user": "users",
    "device": "devices",
    "voicemail": "vmboxes",
    "callflow": "callflows",
    "menu": "menus",
    "play": "media",
}

IsLive = Callable[[str, str], bool]
"""The scope of the tokens in a collection's documents: callflows or webhooks."""


def check_callflows(
    crossbar: Crossbar, ours: list[Provisioned], url: str, is_live: IsLive
) -> Iterator[Finding]:
    """Look at every callflow whose first node asks this deployment, made by it or by hand."""
    rows = crossbar.callflows.rows()
    known = {each.document.id: each for each in ours if each.collection == "callflows"}
    found = 0
    for row in rows:
        if row.get("id") not in known and "pivot" not in (row.get("modules") or ()):
            continue
        mine = known.get(str(row["id"]))
        document = mine.document if mine else crossbar.callflows.get(str(row["id"]))
        node = _object(document.data.get("flow"))
        if mine is None and not _asks(node, url):
            continue
        found += 1
        name = f"callflow {(mine.role if mine else document.data.get('name')) or document.id!r}"
        yield from _check_node(name, node, url, is_live)
        yield from _check_targets(crossbar, name, node)
        if mine is not None:
            yield from _check_edits(name, mine)
    if not found:
        yield Finding(
            "callflow",
            "error",
            f"no callflow of the account asks {url}",
            "write a kazoo.yaml and run `pivot provision` with it: docs/provision.md",
        )
    yield from _check_numbers(crossbar, rows, ours)


def _asks(node: Mapping[str, Any], url: str) -> bool:
    address = str(_object(node.get("data")).get("voice_url", ""))
    return node.get("module") == "pivot" and address.startswith(f"{url}/")


def _check_node(name: str, node: Mapping[str, Any], url: str, is_live: IsLive) -> Iterator[Finding]:
    data, before = _object(node.get("data")), list[Finding]()
    in_ui = "KAZOO's Pivot dialog writes this when someone saves there"
    address = str(data.get("voice_url", ""))
    if node.get("module") != "pivot":
        before.append(_broken(name, f"its first node is {node.get('module')!r}, not pivot"))
    elif not address.startswith(f"{url}/"):
        before.append(_broken(name, f"it asks {address.partition('?')[0]}, not {url}"))
    else:
        method = data.get("method", "get")
        if method == "get" or method == "GET":
            before.append(_broken(name, f"method is GET: long requests are refused on the way; {in_ui}"))
        elif method == "post":
            before.append(
                Finding(
                    "callflow",
                    "warning",
                    f"{name}: method is 'post', which KAZOO's Pivot dialog takes for GET, and saves so",
                    AGAIN,
                )
            )
        if data.get("req_format", "twiml") != "kazoo":
            before.append(_broken(name, f"format is {data.get('req_format', 'twiml')}; {in_ui}"))
        if not _object(node.get("children")).get("_"):
            before.append(
                _broken(name, "it has no wildcard child: callers are hung up on when we do not answer")
            )
        token = token_of(data)
        if not token:
            before.append(Finding("token", "error", f"{name} carries no token: every call is refused", AGAIN))
        elif not is_live("callflows", token):
            before.append(
                Finding("token", "error", f"{name}: its token is not live: every call is refused", AGAIN)
            )
    yield from before
    if not before:
        yield Finding("callflow", "ok", f"{name} asks {address.partition('?')[0]}")


def _broken(name: str, what: str) -> Finding:
    return Finding("callflow", "error", f"{name}: {what}", AGAIN)


def _check_edits(name: str, mine: Provisioned) -> Iterator[Finding]:
    told = {
        "flow.data.method",
        "flow.data.req_format",
        "flow.children._",
        "flow.data.voice_url",
        "flow.module",
    }
    edits = [path for path, _, _ in mine.edits if path not in told]
    if edits:
        yield Finding(
            "callflow",
            "warning",
            f"{name} was edited since it was made: {', '.join(edits)}",
            f"write the change into kazoo.yaml, or undo it: {AGAIN}",
        )


def _check_targets(crossbar: Crossbar, name: str, node: Mapping[str, Any]) -> Iterator[Finding]:
    """Look up every id below the node: KAZOO saves a callflow whose targets are gone."""
    waiting = list(_object(node.get("children")).values())
    while waiting:
        each = _object(waiting.pop())
        waiting += _object(each.get("children")).values()
        collection = _COLLECTIONS.get(str(each.get("module")))
        target = _object(each.get("data")).get("id")
        if not collection or not isinstance(target, str) or "/" in target:
            continue
        try:
            crossbar.collection(collection).get(target)
        except CrossbarNotFoundError:
            yield Finding(
                "callflow",
                "error",
                f"{name}: its {each['module']} {target} is gone: a caller who should reach it hears nothing",
                f"name another in kazoo.yaml, and {AGAIN}",
            )


def _check_numbers(
    crossbar: Crossbar, rows: list[Mapping[str, Any]], ours: list[Provisioned]
) -> Iterator[Finding]:
    owned = crossbar.phone_numbers()
    holders: dict[str, list[str]] = {}
    for row in rows:
        for number in row.get("numbers") or ():
            holders.setdefault(str(number), []).append(str(row.get("name") or row["id"]))
    for mine in (each for each in ours if each.collection == "callflows"):
        sent = _object(_object(mine.document.data.get("pivot_lambda")).get("sent")).get("numbers") or ()
        for number in sent:
            facts, holding = owned.get(number), holders.get(number, [])
            if len(holding) > 1:
                yield Finding(
                    "number",
                    "error",
                    f"number {number} is in {len(holding)} callflows; chance answers: {', '.join(holding)}",
                    "take it out of the others",
                )
            elif number not in mine.numbers:
                where = f"in callflow {holding[0]!r}" if holding else "in no callflow"
                yield Finding("number", "error", f"number {number} is {where}, not in {mine.title}", AGAIN)
            elif not _PHONE.fullmatch(number):
                yield Finding("number", "ok", f"extension {number} is in {mine.title}")
            elif facts is None:
                yield Finding(
                    "number",
                    "warning",
                    f"number {number} does not belong to the account: no carrier's call arrives",
                    "assign it to the account in KAZOO",
                )
            elif facts.get("state") != "in_service":
                yield Finding(
                    "number",
                    "error",
                    f"number {number} is {facts.get('state')}, not in_service: no carrier's call arrives",
                    "activate it in KAZOO",
                )
            elif facts.get("used_by") not in ("callflow", None, ""):
                yield Finding(
                    "number",
                    "error",
                    f"KAZOO uses number {number} for {facts['used_by']}, which gets its calls",
                    "free it there",
                )
            else:
                yield Finding("number", "ok", f"number {number} is in service, in {mine.title}")


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
