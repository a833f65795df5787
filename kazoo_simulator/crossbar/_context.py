"""One request, taken apart the way Crossbar does it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus

from kazoo_simulator._request import KazooVersion

from ._cluster import Account, Cluster
from ._messages import JsonObject, RefusalError, Request

CONTENT_TYPES = ("application/json", "application/x-json", "application/x-www-form-urlencoded")


@dataclass(slots=True)
class Context:
    """A request after routing: `parts` are the path's after the module, `account` is who it is about."""

    cluster: Cluster
    request: Request
    verb: str
    module: str
    parts: list[str]
    query: dict[str, str]
    envelope: JsonObject
    data: Any
    account: Account
    token: str = ""

    @property
    def version(self) -> KazooVersion:
        """The KAZOO version that is played."""
        return self.cluster.version

    def header(self, name: str) -> str:
        """Return a header, empty if it was not sent."""
        return self.request.headers.get(name, "")

    @property
    def document(self) -> JsonObject:
        """The data of a write: an object."""
        if not isinstance(self.data, dict):
            raise RefusalError(400, "invalid request envelope")
        return self.data

    def span(self, longest_s: int) -> tuple[int, int]:
        """Return created_from and created_to in Gregorian seconds, or refuse the range."""
        now = self.cluster.gregorian_now
        until = _number(self.query.get("created_to")) or now
        since = _number(self.query.get("created_from")) or until - longest_s
        if since > until:
            message = f"created_from {since} is after created_to {until}"
        elif until - since > longest_s:
            message = f"created_to {until} is more than {longest_s} seconds after created_from {since}"
        else:
            return since, until
        detail = {"message": message, "cause": until}
        raise RefusalError(400, "validation error", {"created_from": {"date_range": detail}})


@dataclass(slots=True)
class Target:
    """The path and query of a request, decoded as the version decodes them."""

    parts: list[str]
    query: dict[str, str] = field(default_factory=dict)


def take_apart(target: str, version: KazooVersion) -> Target:
    """Split first, then decode: twice in KAZOO 4.3; once, with + as a space, in KAZOO 5."""
    path, _, query = target.partition("?")
    parts = [part for part in path.split("/") if part]
    decoded = [unquote(unquote(part)) if version == "4.3" else unquote_plus(part) for part in parts]
    return Target(decoded, dict(parse_qsl(query, keep_blank_values=True)))


def read_envelope(request: Request) -> JsonObject:
    """Return the envelope of a request's body; its own keys are lower-cased with underscores."""
    if not request.body:
        return {}
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if kind not in CONTENT_TYPES:
        raise RefusalError(415, "", is_empty=True)
    try:
        envelope = json.loads(request.body)
    except ValueError as error:
        detail = {"message": f"invalid JSON: {error}", "target": "body"}
        raise RefusalError(400, "validation error", {"json": {"invalid": detail}}) from None
    if not isinstance(envelope, dict):
        raise RefusalError(400, "invalid request envelope")
    envelope = {str(key).lower().replace("-", "_"): value for key, value in envelope.items()}
    if "data" not in envelope:
        raise RefusalError(400, "invalid request envelope")
    return envelope


def _number(text: str | None) -> int:
    try:
        return int(text or "0")
    except ValueError:
        return 0
