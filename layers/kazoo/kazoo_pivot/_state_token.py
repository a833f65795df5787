"""The state token of a chained callback: which call, callback and step it belongs to, signed.

KAZOO 4.3 forgets variables between two `pivot` nodes, so the step travels in the next voice_url. The
signature covers values (account, Call-ID, call key, path, query, step, expiry, signed values), never the URL
that holds them. It alone admits the request: no token of the KAZOO account stands beside it.
The signed values are not hidden: the operator of the KAZOO can read them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from kazoo_pivot._errors import MisconfiguredError, StateRefusedError

MAX_SIGNED_BYTES = 1_024
MAX_STEPS = 200

Signed = Mapping[str, str | int]


class StateKeys:
    """The keys of chained state.

    signing: signs what is sent now; verifying: every key that may have signed what comes back, `signing` too

    A plain class: neither its `repr` nor `dataclasses.asdict` shows a key.
    """

    __slots__ = ("signing", "verifying")

    def __init__(self, signing: bytes = b"", verifying: tuple[bytes, ...] = ()) -> None:
        self.signing = signing
        self.verifying = verifying

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StateKeys) and (self.signing, self.verifying) == (
            other.signing,
            other.verifying,
        )

    def __hash__(self) -> int:
        return hash((self.signing, self.verifying))

    @classmethod
    def of(cls, *keys: bytes) -> StateKeys:
        """Return the keys with the first one signing."""
        return cls(keys[0] if keys else b"", keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateToken:
    """The signed values besides the account and the Call-ID.

    nonce, started_ms: of the call key; started_ms: when the chain's first request arrived, epoch milliseconds
    step: 1 for the second request of a chain; expires_s: epoch seconds
    """

    path: str
    started_ms: int
    step: int
    expires_s: int
    nonce: str = ""
    signed: Signed = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def sign(self, keys: StateKeys, account_id: str, call_id: str) -> str:
        """Return the token, signed with the signing key."""
        if not keys.signing:
            raise MisconfiguredError("there is no key that signs state; `pivot token create` makes one")
        names = sorted(self.query)
        payload = [self.nonce, self.started_ms, self.step, self.expires_s, dict(self.signed), names]
        signature = _signature(keys.signing, account_id, call_id, self)
        return f"{_encode(_canonical(payload))}.{_encode(signature)}"


def verify(
    token: str,
    keys: StateKeys,
    *,
    account_id: str,
    call_id: str,
    path: str,
    query: Mapping[str, str],
) -> StateToken:
    """Return what a token says about exactly this request; StateRefusedError when forged or foreign.

    The result's query holds the signed names only. `check_time` says whether it has expired.
    """
    encoded, _, signature = token.partition(".")
    try:
        nonce, started_ms, step, expires_s, signed, names = json.loads(_decode(encoded))
        state = StateToken(
            path=path,
            nonce=nonce,
            started_ms=started_ms,
            step=step,
            expires_s=expires_s,
            signed=signed,
            query={name: query[name] for name in names},
        )
        presented = _decode(signature)
        expected = [_signature(key, account_id, call_id, state) for key in keys.verifying]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise StateRefusedError("forged") from None
    if not any([hmac.compare_digest(presented, each) for each in expected]):  # noqa: C419 - compare with all
        raise StateRefusedError("forged")
    return state


def check_time(state: StateToken, now_s: float) -> None:
    """Raise StateRefusedError when the step came too late."""
    if now_s >= state.expires_s:
        raise StateRefusedError("expired")


def _signature(key: bytes, account_id: str, call_id: str, state: StateToken) -> bytes:
    values = [
        "pivot state 2",
        account_id,
        call_id,
        state.path,
        state.nonce,
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
