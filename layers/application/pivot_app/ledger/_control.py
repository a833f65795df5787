"""Calls that are kept within their money while they last: extended in time, or ended. Off by default.

KAZOO has no module that limits a call's length. Where an operator wants the limit kept, the sweeper looks a
minute ahead: a hold that runs out before its next turn is extended, if the balance allows; if not, a message
is queued for the second the money ends, and whoever receives it tries once more and then asks KAZOO to end
the call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pivot_app.ledger._account import Account, Hold
from pivot_app.ledger._decide import Refusal
from pivot_app.ledger._dynamodb import DynamoDBLedger

LOOK_AHEAD_SECONDS = 90
"""The sweeper's minute, and half of one for a turn that is late."""


class Calls(Protocol):
    """What can end a call: Crossbar, or a stand-in."""

    def hang_up(self, kazoo_account_id: str, call_id: str) -> None:
        """End the call; one that is over already is fine."""


@dataclass(frozen=True, slots=True)
class RunsOut:
    """A call whose money ends: when, in seconds from now."""

    kazoo_account_id: str
    account_id: str
    hold_id: str
    in_seconds: int


Ended = Literal["extended", "hung_up", "over", "not_yet"]


class CallControl:
    """Extends holds that run out, and ends calls whose money did."""

    def __init__(self, ledger: DynamoDBLedger, extension_seconds: int = 300) -> None:
        self._ledger = ledger
        self._extension_seconds = extension_seconds

    def look_ahead(self, account: Account, now: datetime) -> list[RunsOut]:
        """Extend the holds that run out soon; those that could not be, with the time that is left."""
        out = []
        for hold in account.holds.values():
            left = money_ends_at(hold) - int(now.timestamp())
            if left <= LOOK_AHEAD_SECONDS and hold.counts(now) and not self._extended(account, hold, now):
                key = (account.kazoo_account_id, account.account_id)
                out.append(RunsOut(*key, hold.hold_id, max(left, 0)))
        return out

    def run_out(self, due: RunsOut, calls: Calls, now: datetime) -> Ended:
        """What becomes of a call when its money was to end: extended after all, ended, or over by itself."""
        account = self._ledger.account(due.kazoo_account_id, due.account_id)
        hold = account.holds.get(due.hold_id) if account else None
        if account is None or hold is None:
            return "over"
        if money_ends_at(hold) > now.timestamp():
            return "not_yet"
        if self._extended(account, hold, now):
            return "extended"
        calls.hang_up(due.kazoo_account_id, hold.call_id)
        return "hung_up"

    def _extended(self, account: Account, hold: Hold, now: datetime) -> bool:
        key = (account.kazoo_account_id, account.account_id)
        longer = self._ledger.extend(*key, hold.hold_id, self._extension_seconds, now)
        # A call that is over needs nothing either.
        return longer is None or not isinstance(longer, Refusal)


def money_ends_at(hold: Hold) -> int:
    """When the held seconds end if the call was answered at once: never later than they do."""
    return hold.authorized_at + hold.held_seconds
