"""Which call this is: not a Call-ID, which the caller's device chooses, but what we admitted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class CallKey:
    """One admitted call: minted by the first request of a chain, carried in the signed state.

    started_ms: when that request arrived, epoch milliseconds; nonce: 12 characters that nobody can foresee
    """

    account_id: str
    call_id: str
    started_ms: int
    nonce: str

    @classmethod
    def mint(cls, account_id: str, call_id: str, started_ms: int) -> Self:
        """Return the key of a call that begins now."""
        return cls(account_id, call_id, started_ms, secrets.token_urlsafe(9))

    def __str__(self) -> str:
        return f"{self.started_ms}.{self.nonce}"
