"""Converts a document to documents of KAZOO. Tokens are written as `TOKEN` until they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pivot_app.crossbar import TOKEN, TOKEN_HEADER
from pivotctl.provision._names import Names
from pivotctl.provision.document import EndOfCalls, KazooDocument, Line, Target

REQUEST_TIMEOUT_MS = 5000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document as it should be. `collection` is callflows or webhooks, `role` its name in our marker."""

    collection: str
    role: str
    data: Json

    @property
    def numbers(self) -> list[str]:
        """The numbers of a callflow."""
        return list(self.data.get("numbers", ()))


def wanted_callflow(
    document: KazooDocument, name: str, names: Names, url: str, version: str, numbers: list[str]
) -> Wanted:
    """Return the callflow of one entry; `numbers` are in the form KAZOO stores."""
    line = document.callflows[name]
    flow = pivot_node(document, line, url, version)
    if (child := _chain(line.otherwise, names)) is not None:
        flow["children"] = {"_": child}
    data = {"name": name, "numbers": numbers, "patterns": list(line.patterns), "flow": flow}
    return Wanted("callflows", name, data)


def pivot_node(document: KazooDocument, line: Line, url: str, version: str) -> Json:
    """Return the pivot node without its wildcard child.

    POST in capitals: KAZOO's own dialog takes anything else for GET, and saves that.
    """
    is_five = version == "5"
    query = line.parameters | ({} if is_five else {"token": TOKEN})
    data: Json = {
        "voice_url": f"{url}/{line.path}" + (f"?{urlencode(query)}" if query else ""),
        "method": "POST",
        "req_format": "kazoo",
        "req_body_format": "json",
        "req_timeout_ms": REQUEST_TIMEOUT_MS,
        "debug": document.debug if line.debug is None else line.debug,
    }
    if is_five:
        data["custom_request_headers"] = {TOKEN_HEADER: TOKEN}
    return {"module": "pivot", "data": data, "children": {}}


def wanted_webhook(settings: EndOfCalls, url: str, version: str) -> Wanted:
    """Return the webhook that tells us of the ends of calls."""
    data: Json = {
        "name": "pivot-lambda: ends of calls",
        "hook": "channel_destroy",
        "uri": f"{url}/call_ended" + ("" if version == "5" else f"?token={TOKEN}"),
        "http_verb": "post",
        "format": "json",
        "retries": settings.retries,
        "include_subaccounts": settings.include_subaccounts,
        "include_internal_legs": False,
    }
    if version == "5":
        data["custom_request_headers"] = {TOKEN_HEADER: TOKEN}
    return Wanted("webhooks", "call_ended", data)


def _chain(targets: tuple[Target, ...], names: Names) -> Json | None:
    """Return the targets as nodes, each the wildcard child of the one before."""
    child: Json | None = None
    for target in reversed(targets):
        node = _node(target, names)
        node["children"] = {"_": child} if child is not None else {}
        child = node
    return child


def _node(target: Target, names: Names) -> Json:
    match target.kind:
        case "hangup":
            return {"module": "hangup", "data": {}}
        case "say":
            return {"module": "tts", "data": {"text": target.name}}
        case "group":
            endpoint = {"id": names.find("group", target.name), "endpoint_type": "group"}
            return {"module": "ring_group", "data": {"name": target.name, "endpoints": [endpoint]}}
        case kind:
            return {"module": kind, "data": {"id": names.find(kind, target.name)}}


def leaves(data: Mapping[str, Any], path: str = "") -> list[tuple[str, Any]]:
    """Return the settings of a document, each with its path; a wildcard child is one of them."""
    found: list[tuple[str, Any]] = []
    for key, value in data.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping) and "module" in value and path:
            found.append((here, value))
        elif isinstance(value, Mapping):
            found += leaves(value, here)
        elif value not in ([], {}):
            found.append((here, value))
    return found
