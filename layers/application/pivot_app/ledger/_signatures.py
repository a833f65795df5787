"""Signatures of version 2 webhooks, verified over the bytes that were sent. Pure.

KAZOO 5 signs with the HMAC-SHA-256 of the timestamp's digits, followed by the JSON text of `data` exactly as
it stands in the body. Text that is parsed and written again differs: in escapes (`\\u001F`), in floats
(`1.0e16`) and in integers beyond 64 bits. A form body does not hold the text that was signed, so it cannot be
verified.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from typing import Any, Final, Literal

_SIGNATURE: Final = re.compile(r"[A-Za-z0-9+/=]{1,100}")
_MOST_SECONDS: Final = 10**15
# Raw control characters are not JSON; KAZOO escapes them, but the bytes decide, not our reading of them.
_decode: Final = json.JSONDecoder(strict=False).raw_decode
_skip_blanks: Final = re.compile(r"[ \t\r\n]*").match

Signature = Literal["right", "wrong", "none", "form"]


def signature_of(body: bytes, content_type: str, keys: Sequence[str]) -> Signature:
    """Return whether a body carries the signature of one of the keys.

    Returns:
        `right`, `wrong`, `none` for a body that is not signed, `form` for a form body, which cannot be.

    """
    if "json" not in content_type.lower() and not body.lstrip().startswith(b"{"):
        return "form"
    parts = _parts(body)
    if parts is None:
        return "none"
    data, signature, timestamp = parts
    matches = False
    for key in keys:
        # KAZOO reads its clock twice while signing: the second may turn in between.
        for second in (timestamp, timestamp + 1):
            digest = hmac.digest(key.encode(), str(second).encode() + data, hashlib.sha256)
            matches |= hmac.compare_digest(base64.b64encode(digest), signature)
    return "right" if matches else "wrong"


def _parts(body: bytes) -> tuple[bytes, bytes, int] | None:
    """Return the bytes of `data`, the signature and the timestamp of a body; None if it lacks one.

    Only the body's own fields count, each of them once: a signed `data` that was seen elsewhere proves
    nothing when it stands inside another field, or beside a second `data`.
    """
    fields = _fields(body.decode("utf-8", "surrogateescape"))
    data, signature, timestamp = (fields.get(name) for name in ("data", "hmac", "timestamp"))
    if data is None or signature is None or timestamp is None:
        return None
    if not isinstance(signature[0], str) or not _SIGNATURE.fullmatch(signature[0]):
        return None
    if type(timestamp[0]) is not int or not 0 <= timestamp[0] < _MOST_SECONDS:
        return None
    return data[1].encode("utf-8", "surrogateescape"), signature[0].encode(), timestamp[0]


def _fields(text: str) -> dict[str, tuple[Any, str]]:
    """Return each field of a JSON object with its text; nothing for other text or a repeated field."""
    found: dict[str, tuple[Any, str]] = {}
    try:
        at = _after(text, _next(text, 0), "{")
        while True:
            name, end = _decode(text, _next(text, at))
            start = _next(text, _after(text, _next(text, end), ":"))
            value, end = _decode(text, start)
            if not isinstance(name, str) or name in found:
                return {}
            found[name] = (value, text[start:end])
            at = _next(text, end)
            if text[at : at + 1] == "}":
                return found if _next(text, at + 1) == len(text) else {}
            at = _after(text, at, ",")
    except (ValueError, RecursionError):
        return {}


def _next(text: str, at: int) -> int:
    """Return where the next character stands that is not blank."""
    blanks = _skip_blanks(text, at)
    return at if blanks is None else blanks.end()


def _after(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        msg = f"no {sign} at {at}"
        raise ValueError(msg)
    return at + 1
