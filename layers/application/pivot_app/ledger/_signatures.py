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
import re
from collections.abc import Sequence
from typing import Final, Literal

_DATA: Final = re.compile(rb'"data"\s*:\s*')
_REST: Final = re.compile(rb',\s*"hmac"\s*:\s*"([A-Za-z0-9+/=]{1,100})"(.*)\Z', re.DOTALL)
_TIMESTAMP: Final = re.compile(rb'"timestamp"\s*:\s*([0-9]{1,15})\s*[,}]')

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
    """Return the bytes of `data`, the signature and the timestamp of a body; None if it lacks one."""
    start = _DATA.search(body)
    if start is None:
        return None
    # The last `"hmac"` of the body: a variable may be called so too.
    at = body.rfind(b'"hmac"')
    if at < start.end():
        return None
    comma = body.rfind(b",", start.end(), at)
    rest = _REST.match(body, comma) if comma > 0 else None
    if rest is None or body[comma + 1 : at].strip():
        return None
    timestamp = _TIMESTAMP.search(rest.group(2))
    if timestamp is None:
        return None
    return body[start.end() : comma].rstrip(), rest.group(1), int(timestamp.group(1))
