"""Updates a call when an event arrives, and asks KAZOO about calls without one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Protocol

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Hold
from pivot_app.ledger._dynamodb import Booked
from pivot_app.ledger._events import LegEvent

Outcome = Literal[
    "kept",
    "settled",
    "released",
    "overrun",
    "corrected",
    "already",
    "waiting",
    "unresolved",
    "unmatched",
    "malformed",
    "not_prepaid",
    "ignored",
]


class KazooCalls(Protocol):
    """The interface that asks KAZOO about a call: Crossbar, or a stand-in."""

    def is_up(self, kazoo_account_id: str, call_id: str) -> bool | None:
        """Return whether a channel is up; None if KAZOO does not say, or has no API key."""

    def ends_of(
        self, kazoo_account_id: str, call_ids: Iterable[str], began_at: datetime
    ) -> Iterable[LegEvent]:
        """Return the ends of legs, and of those connected with them, of KAZOO's CDRs."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The result for a call, or for an event of a leg.

    Args:
        outcome: In a word.
        hold_id: The hold it concerns; "" if there is none.
        booked: What was posted.
        reason: Why it waits, or what is wrong.

    """

    outcome: Outcome
    hold_id: str = ""
    booked: Booked | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A call that should have ended, and nothing tells how."""

    kazoo_account_id: str
    account_id: str
    hold: Hold
    reason: str
