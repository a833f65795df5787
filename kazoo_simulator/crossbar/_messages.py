"""Requests and answers of Crossbar, and its envelope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: `target` is path and query as they came, header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = "192.0.2.1"


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer. `is_chunked` sends the body in pieces, as Crossbar sends long lists."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_chunked: bool = False

    def json(self) -> Any:
        """Return the envelope."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of an endpoint, before the envelope."""

    data: Any
    status: int = 200
    revision: str = ""
    etag: str = ""
    metadata: JsonObject = field(default_factory=dict)
    location: str = ""
    paging: JsonObject = field(default_factory=dict)
    is_chunked: bool = False


class RefusalError(Exception):
    """An endpoint refuses. `data` goes into the envelope; `is_empty` means that there is none."""

    def __init__(self, status: int, message: str, data: Any = None, *, is_empty: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.data = {"message": message.replace("_", " ")} if data is None else data
        self.is_empty = is_empty


def bad_identifier(cause: str) -> RefusalError:
    """Return the refusal of a document that is not there."""
    return RefusalError(404, "bad_identifier", {"message": "bad identifier", "cause": cause})


def not_found() -> RefusalError:
    """Return the refusal of an endpoint that is unknown or not loaded."""
    return RefusalError(404, "not_found")


class FaultsError(RefusalError):
    """A document breaks rules: field to rule to detail."""

    def __init__(self, faults: Mapping[str, Mapping[str, JsonObject]]) -> None:
        super().__init__(400, "validation error", dict(faults))


class Faults:
    """Collects what is wrong with a document, as KAZOO keys it."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, JsonObject]] = {}

    def add(self, name: str, rule: str, message: str, **detail: Any) -> None:
        """Add a fault; of several under one name and rule KAZOO shows one."""
        self.found.setdefault(name, {})[rule] = {"message": message, **detail}

    def raise_if_any(self) -> None:
        """Refuse the document if anything is wrong with it."""
        if self.found:
            raise FaultsError(self.found)


def merged(stored: Any, patch: Any) -> Any:
    """Return a document after a PATCH: objects merge at every depth, null deletes, {} and lists replace."""
    if not isinstance(stored, dict) or not isinstance(patch, dict) or not patch:
        return without_nulls(patch)
    result = dict(stored)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(stored.get(key), value)
    return result


def without_nulls(value: Any) -> Any:
    """Return a value without the keys that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return value


def public(data: Mapping[str, Any]) -> JsonObject:
    """Return the fields a client may set or see: at the top, none that begins with `_` or `pvt_`."""
    return {key: value for key, value in data.items() if not key.startswith(("_", "pvt_"))}
