"""One exchange of Live Debug: a request KAZOO made, the answer it got, and why.

`recorder` builds an `Exchange` once the answer is known and writes it with **one** PutItem of
`Exchange.to_item()`; `live_debug` reads it back with `Exchange.from_item` (everything) and
`Summary.from_item` (a line of the list).

The table
    pk         `{kazoo_account_id}#{call_id}`: the exchanges of one call are one query, and the writes of
               one account spread over as many partitions as it has calls.
    sk         `{received_ms}#{step}#{request_id}`: in order, and unique within one millisecond too.
    Index `recent` (a projection of some 400 bytes, never over 1 KiB, so one write unit):
    recent_pk  `{kazoo_account_id}#{shard}`; the shard follows from the Call-ID, 0 where there is only one.
    recent_sk  `{call_started_ms}#{digest of the Call-ID}#{sk}`: the exchanges of one call lie side by
               side, so a page of the list ends between two calls, never inside one.
    expires_at DynamoDB's time to live, epoch seconds.

The index takes 1,000 write units a second for each of its partition keys. An account that makes more than
some 800 exchanges a second is given more shards in its settings (`debug.shards`); its list is then that many
parallel queries.

Everything that is neither a key nor a line of the list is one compressed JSON attribute: flows nest deeper
than DynamoDB's 32 levels, and write units are paid by the KiB.

What must already be true of the values given here: no tokens, no state-signing keys, no digits of sensitive
collections, and telephone numbers masked as the account asked. Nothing here can tell a secret from a word.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from typing import Any, Final, Literal

from pivot_app.lazy_dataclass import dataclass

OutcomeName = Literal["answered", "fallback", "refused", "repeated"]
"""answered: the handler's flow. fallback: the prepared flow, `reason` says why. refused: not let in
although the token was right (a forged or foreign state token). repeated: the stored answer to an identical
request."""

RECENT_INDEX: Final = "recent"
RECENT_ATTRIBUTES: Final = (
    "callback",
    "caller",
    "caller_name",
    "dialled",
    "outcome",
    "reason",
    "status",
    "total_us",
    "marks",
    "heard",
)
"""The attributes that the index projects besides the keys: template.yaml lists the same ones."""

MAX_ITEM_BYTES: Final = 16 * 1024
"""No exchange is stored larger than this; `Exchange.truncated` names what was cut to get there."""

# How much JSON each part may bring; the parts that grow with what strangers send come first.
_PART_BYTES: Final = {
    "parameters": 6 * 1024,
    "query": 1024,
    "headers": 1024,
    "flow": 16 * 1024,
    "explanations": 4 * 1024,
    "problems": 2 * 1024,
    "lint": 2 * 1024,
    "state_before": 2 * 1024,
    "state_after": 2 * 1024,
    "timings_us": 1024,
}
# Dropped in this order when the compressed whole is still too large.
_LEAST_NEEDED_FIRST: Final = (
    "lint",
    "explanations",
    "flow",
    "parameters",
    "problems",
    "state_before",
    "state_after",
)
_LONG_TEXT: Final = 512
# Bytes, not characters: together with the keys they stay under the 1 KiB that one write unit covers.
_TEXT_BYTES: Final = {
    "callback": 48,
    "caller": 40,
    "caller_name": 64,
    "dialled": 40,
    "reason": 48,
    "heard": 160,
}
_CALL_ID_BYTES: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer.

    Times are epoch milliseconds (UTC); durations are microseconds.
    """

    kazoo_account_id: str
    call_id: str
    received_ms: int
    """When the request arrived."""
    call_started_ms: int
    """`received_ms` of the call's first exchange, carried in the state token; `received_ms` for the first."""
    step: int
    """0 for a call's first request, then as the state token counts."""
    request_id: str
    """The Lambda request id."""
    callback: str
    """The callback's name, as in `functions/NAME`."""

    method: str
    """GET or POST."""
    path: str
    """The path of the URL without its query."""
    body_format: Literal["form", "json"]
    """The body of a POST; a GET has a form."""
    parameters: Mapping[str, Any]
    """KAZOO's parameters, nested as in a JSON request (`PivotRequest.raw`)."""
    query: Mapping[str, str] = field(default_factory=dict)
    """The voice_url's own query, without the token and the state token."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Request headers worth showing (user-agent, content-type, `x-` headers of KAZOO 5); secrets removed."""
    caller: str
    """Caller-ID-Number, masked as configured."""
    caller_name: str = ""
    dialled: str
    """`Request`, the dialled number KAZOO normalised, masked as configured."""
    kazoo_version: str = "4.3"
    language: str = ""

    status: int
    """The HTTP status of the answer."""
    outcome: OutcomeName
    reason: str = ""
    """Of a fallback or refusal: exception, invalid_flow, timeout, store_unavailable, state_expired, ..."""
    error: str = ""
    """The exception's type and message where there was one; never a traceback with values in it."""
    flow: Mapping[str, Any] | None
    """The callflow returned; None where there was none, or where it was too large (`truncated` says so)."""
    answer_bytes: int = 0

    explanations: Sequence[Mapping[str, Any]] = ()
    """Why: `{"kind": "rule" | "menu" | "hold" | ..., "facts": {...}}`, in the order they were decided."""
    problems: Sequence[Mapping[str, Any]] = ()
    """The findings of validation: `{"path", "rule", "message"}`."""
    lint: Sequence[Mapping[str, Any]] = ()
    """The findings of the linter, in the same shape."""
    timings_us: Mapping[str, int] = field(default_factory=dict)
    """Phase to microseconds: parse, authenticate, handler, validate, ...; `total` for all of it."""
    state_before: Mapping[str, str] = field(default_factory=dict)
    state_after: Mapping[str, str] = field(default_factory=dict)
    cold_start: bool = False
    masked: bool = False
    """Whether telephone numbers in here are masked."""
    truncated: Sequence[str] = ()
    """The fields that were cut to fit."""

    @property
    def sort_key(self) -> str:
        """The position of the exchange within its call."""
        return f"{self.received_ms:013d}#{self.step:03d}#{self.request_id[:36]}"

    def to_item(self, *, expires_at: int, shards: int = 1) -> dict[str, Any]:
        """Return the DynamoDB item, in attribute-value form, at most `MAX_ITEM_BYTES`.

        `expires_at` is epoch seconds; `shards` is the account's `debug.shards`.
        """
        call_id = stored_call_id(self.call_id)
        item: dict[str, Any] = {
            "pk": {"S": partition_key(self.kazoo_account_id, call_id)},
            "sk": {"S": self.sort_key},
            "recent_pk": {"S": recent_partition_key(self.kazoo_account_id, shard_of(call_id, shards))},
            "recent_sk": {"S": f"{self.call_started_ms:013d}#{_digest(call_id)}#{self.sort_key}"},
            "expires_at": {"N": str(expires_at)},
            "outcome": {"S": self.outcome},
            "status": {"N": str(self.status)},
            "total_us": {"N": str(self.timings_us.get("total", 0))},
            "marks": {"N": str(len(self.problems) + len(self.lint))},
            "body": {"B": self._body()},
        }
        texts = {
            **{name: getattr(self, name) for name in _TEXT_BYTES if name != "heard"},
            "heard": heard(self.flow),
        }
        item |= {name: {"S": clip(text, _TEXT_BYTES[name])} for name, text in texts.items() if text}
        return item

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Exchange:
        """Return the exchange an item holds; unknown fields are ignored, missing ones take their default."""
        body = json.loads(zlib.decompress(bytes(item["body"]["B"])))
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in body.items() if name in known})

    def _body(self) -> bytes:
        body = {each.name: getattr(self, each.name) for each in fields(self)}
        body["call_id"] = stored_call_id(self.call_id)
        for name in ("path", "error", "caller_name", "caller", "dialled", "reason", "language"):
            body[name] = clip(body[name], _LONG_TEXT)
        # What the keys and the list's line take is bounded by 1 KiB.
        room = MAX_ITEM_BYTES - 1024
        if len(whole := _json(body)) <= room:
            return _packed(whole)
        body["truncated"] = cut = list(self.truncated)
        for name, limit in _PART_BYTES.items():
            body[name], fits = _fit(body[name], limit)
            if not fits:
                cut.append(name)
        packed = _packed(_json(body))
        for name in _LEAST_NEEDED_FIRST:
            if len(packed) <= room:
                break
            body[name] = None if name == "flow" else type(body[name])()
            cut.append(name)
            packed = _packed(_json(body))
        return packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The row of an exchange in the list: the projection of the index, without the body."""

    kazoo_account_id: str
    call_id: str
    call_started_ms: int
    received_ms: int
    step: int
    callback: str
    caller: str
    caller_name: str
    dialled: str
    outcome: str
    reason: str
    status: int
    total_us: int
    marks: int
    """How many validation problems and lint marks the answer had."""
    heard: str
    """The beginning of what the answer says."""
    recent_key: str
    """`recent_sk`: the exchange's place in the list, newest call last."""

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Summary:
        """Return the line of an item read from the table or from the index."""
        kazoo_account_id, _, call_id = item["pk"]["S"].partition("#")
        received_ms, step, _ = item["sk"]["S"].split("#", 2)
        recent_key = item["recent_sk"]["S"]
        return cls(
            kazoo_account_id=kazoo_account_id,
            call_id=call_id,
            call_started_ms=int(recent_key.partition("#")[0]),
            received_ms=int(received_ms),
            step=int(step),
            status=int(item["status"]["N"]),
            total_us=int(item["total_us"]["N"]),
            marks=int(item["marks"]["N"]),
            outcome=item["outcome"]["S"],
            recent_key=recent_key,
            **{name: item.get(name, {}).get("S", "") for name in _TEXT_BYTES},
        )


def partition_key(kazoo_account_id: str, call_id: str) -> str:
    """Return the table's partition key: all exchanges of one call."""
    return f"{kazoo_account_id}#{stored_call_id(call_id)}"


def stored_call_id(call_id: str) -> str:
    """Return the Call-ID; if it is too long for a key, its beginning and a digest of all of it."""
    if len(call_id.encode("utf-8", "replace")) <= _CALL_ID_BYTES:
        return clip(call_id, _CALL_ID_BYTES)
    return clip(call_id, _CALL_ID_BYTES - 8) + _digest(call_id)


def recent_partition_key(kazoo_account_id: str, shard: int) -> str:
    """Return the index' partition key: one shard of an account's list."""
    return f"{kazoo_account_id}#{shard}"


def shard_of(call_id: str, shards: int) -> int:
    """Return the shard of an account's list a call belongs to; all its exchanges go to the same one."""
    return int(_digest(stored_call_id(call_id)), 16) % max(shards, 1)


def heard(flow: Mapping[str, Any] | None) -> str:
    """Return the first words a flow says on its wildcard chain, for the list."""
    node: Any = flow
    while isinstance(node, Mapping):
        data = node.get("data")
        if node.get("module") == "tts" and isinstance(data, Mapping):
            return str(data.get("text", ""))
        children = node.get("children")
        node = children.get("_") if isinstance(children, Mapping) else None
    return ""


def clip(text: str, limit_bytes: int) -> str:
    """Return as much of the text as fits the limit in UTF-8, with an ellipsis if it was cut."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= limit_bytes:
        return encoded.decode()
    return encoded[: limit_bytes - 3].decode("utf-8", "ignore") + "…"


def _digest(call_id: str) -> str:
    return hashlib.sha256(call_id.encode("utf-8", "replace")).hexdigest()[:8]


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), default=str).encode()


def _packed(content: bytes) -> bytes:
    # Level 6 would take twice the time for 4 % less.
    return zlib.compress(content, 3)


def _fit(value: Any, limit: int) -> tuple[Any, bool]:
    """Return the value cut to the limit (JSON bytes), long texts first, and whether it is whole."""
    if len(_json(value)) <= limit:
        return value, True
    shorter = _shorten(value)
    if len(_json(shorter)) <= limit:
        return shorter, False
    if isinstance(shorter, dict) and "module" in shorter:
        return None, False
    members = list(shorter.items() if isinstance(shorter, dict) else shorter)
    kept: list[Any] = []
    size = 2
    for member in members:
        size += len(_json(member)) + 1
        if size > limit:
            break
        kept.append(member)
    return (dict(kept) if isinstance(shorter, dict) else kept), False


def _shorten(value: Any) -> Any:
    if isinstance(value, str):
        return clip(value, _LONG_TEXT)
    if isinstance(value, Mapping):
        return {clip(str(key), _LONG_TEXT): _shorten(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_shorten(member) for member in value]
    return value
