"""One step of a call, and its stored state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kazoo_pivot._call_key import CallKey

KEEP_S = 6 * 3_600
"""How long the state of a call is kept after its last step, and so the longest a step may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one call; the fingerprint tells its request from every other."""

    key: CallKey
    path: str
    number: int
    fingerprint: str
    now_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step taken: the call's CAVs before it, and the answer it got if this request came before."""

    cavs: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = False
    answer: str | None = None
