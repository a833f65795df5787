"""The state token of a chained callback: which call, callback and step it belongs to, signed.

KAZOO 4.3 forgets variables between two `pivot` nodes, so the step travels in the next voice_url. The
signature covers values (account, Call-ID, path, query, step, expiry, signed), never the URL that holds them.
The signed values are signed, not hidden: the operator of the KAZOO can read them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kazoo_pivot._errors import MisconfiguredError, StateRefusedError

MAX_SIGNED_BYTES = 1_024
MAX_STEPS = 200

Signed = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateToken:
    """What is signed beside the account and the Call-ID.

    started_ms: when the chain's first request arrived, epoch milliseconds
    step: 1 for the second request of a chain; expires_s: epoch seconds
    """

    path: str
    started_ms: int
    step: int
    expires_s: int
    signed: Signed = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def sign(self, keys: Sequence[bytes], account_id: str, call_id: str) -> str:
        """Return the token, signed with the newest key."""
        if not keys:
            raise MisconfiguredError("there is no state-signing key in SSM; `pivot token create` makes one")
        payload = [self.started_ms, self.step, self.expires_s, dict(self.signed), sorted(self.query)]
        signature = _signature(keys[0], account_id, call_id, self)
        return f"{_encode(_canonical(payload))}.{_encode(signature)}"


def verify(
    token: str,
    keys: Sequence[bytes],
    *,
    account_id: str,
    call_id: str,
    path: str,
    query: Mapping[str, str],
    now_s: float,
) -> StateToken:
    """Return what a token says about exactly this request; StateRefusedError when forged, foreign or expired.

    The result's query holds the signed names only.
    """
    encoded, _, signature = token.partition(".")
    try:
        started_ms, step, expires_s, signed, names = json.loads(_decode(encoded))
        state = StateToken(
            path=path,
            started_ms=started_ms,
            step=step,
            expires_s=expires_s,
            signed=signed,
            query={name: query[name] for name in names},
        )
        presented = _decode(signature)
        expected = [_signature(key, account_id, call_id, state) for key in keys]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise StateRefusedError("forged") from None
    if not any([hmac.compare_digest(presented, each) for each in expected]):  # noqa: C419 - compare with all
        raise StateRefusedError("forged")
    if now_s >= state.expires_s:
        raise StateRefusedError("expired")
    return state


def _signature(key: bytes, account_id: str, call_id: str, state: StateToken) -> bytes:
    values = [
        "pivot state 1",
        account_id,
        call_id,
        state.path,
        state.started_ms,
        state.step,
        state.expires_s,
        dict(state.signed),
        sorted(state.query.items()),
    ]
    return hmac.digest(key, _canonical(values), hashlib.sha256)


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError from None
