"""The state of one request while it is answered, and its time limit."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from kazoo_pivot._account import KazooAccount
from kazoo_pivot._call import Call, CallSession
from kazoo_pivot._envelope import Envelope
from kazoo_pivot._request import PivotRequest

KAZOO_WAITS_S = 5.0
# The part of KAZOO's 5 s that DNS, TLS and the response take.
ON_THE_WAY_S = 1.0
# What deciding, logging and Live Debug may take of the Lambda's remaining time.
MARGIN_S = 0.4


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """One request on its way; what is None was not reached."""

    received_ms: int
    request_id: str = ""
    cold_start: bool = False
    source_ip: str = ""
    envelope: Envelope | None = None
    account: KazooAccount | None = None
    request: PivotRequest | None = None
    call: Call | None = None
    session: CallSession | None = None
    body: str | None = None
    repeated: bool = False
    error: BaseException | None = None
    timings_us: dict[str, int] = field(default_factory=dict)
    done: Event = field(default_factory=Event)

    def timed(self, phase: str, since: float) -> float:
        """Add to the time of a phase; return the start of the next."""
        now = time.perf_counter()
        self.timings_us[phase] = self.timings_us.get(phase, 0) + int((now - since) * 1e6)
        return now


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a request.

    outcome: answered, repeated, fallback or refused; reason: why it was not answered
    """

    answer: Mapping[str, Any]
    outcome: str
    reason: str = ""
    error: BaseException | None = None


def budget_s(event: Any, context: Any) -> float:
    """Return how long the work may take: what the Lambda has left, and what KAZOO still waits."""
    budget = KAZOO_WAITS_S - ON_THE_WAY_S
    with suppress(AttributeError, TypeError):
        budget = min(budget, context.get_remaining_time_in_millis() / 1000 - MARGIN_S)
    with suppress(AttributeError, KeyError, TypeError):
        request_context = event["requestContext"]
        arrived_ms = request_context.get("timeEpoch") or request_context.get("requestTimeEpoch") or 0
        # The caller waited through a cold start too; the time of a recorded event means nothing.
        if 0 < (waited_s := time.time() - arrived_ms / 1000) < KAZOO_WAITS_S:
            budget -= waited_s
    return max(budget, 0.05)
