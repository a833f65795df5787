"""One step of a call, and what the store of call states says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one call; the fingerprint tells its request from every other."""

    account_id: str
    call_id: str
    path: str
    started_ms: int
    number: int
    fingerprint: str
    now_s: int

    @property
    def attribute(self) -> str:
        """Where the step is kept. A first request may come again with other digits: the caller looped."""
        if self.number == 0:
            return f"step#0#{self.path}#{self.fingerprint}"
        return f"step#{self.started_ms}#{self.number}#{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step taken: the call's CAVs before it, and the answer it got if this request came before."""

    cavs: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = False
    answer: str | None = None
