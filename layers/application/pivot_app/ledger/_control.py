"""Keeps live calls within the balance: extends their holds, or ends the calls. Off by default.

KAZOO has no module that limits a call's length. Where an operator wants the limit kept, the sweeper looks a
minute ahead: a hold that runs out before its next turn is extended, if the balance allows; if not, a message
is queued for the second the money ends, and its receiver tries once more and then asks KAZOO to end
the call.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Account, Hold
from pivot_app.ledger._authorization import Refusal
from pivot_app.ledger._dynamodb import DynamoDBLedger
from pivot_app.ledger._family import Family
from pivot_app.ledger._settlement import Settlement

LOOK_AHEAD_SECONDS = 90
"""The sweeper's minute, and half of one for a turn that is late."""


class CallTerminator(Protocol):
    """The interface that ends a leg: Crossbar, or a stand-in."""

    def hang_up(self, kazoo_account_id: str, call_id: str) -> None:
        """End the leg; one that is over already is fine."""


@dataclass(frozen=True, slots=True)
class BalanceExhausted:
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
        self._settlement = Settlement(ledger)
        self._extension_seconds = extension_seconds

    def scan(self, account: Account, now: datetime) -> list[BalanceExhausted]:
        """Extend the holds that run out soon; return those that could not be, with the time that is left."""
        exhausted = []
        for hold in account.holds.values():
            left = money_ends_at(hold) - int(now.timestamp())
            if left <= LOOK_AHEAD_SECONDS and not hold.is_due(now) and not self._extended(account, hold, now):
                exhausted.append(BalanceExhausted(*account.key, hold.hold_id, max(left, 0)))
        return exhausted

    def handle_exhausted(self, due: BalanceExhausted, calls: CallTerminator, now: datetime) -> Ended:
        """Return what becomes of a call whose money ends: extended after all, ended, or over by itself.

        Every leg of the call that is not known to have ended is ended: after a transfer the caller's own leg
        is gone, and another one costs the money.
        """
        account = self._ledger.account(due.kazoo_account_id, due.account_id)
        hold = account.hold(due.hold_id) if account else None
        if account is None or hold is None:
            return "over"
        if money_ends_at(hold) > now.timestamp():
            return "not_yet"
        if self._extended(account, hold, now):
            return "extended"
        family, _ = self._settlement.look_at(account, hold, now)
        failed: list[Exception] = []
        for call_id in _legs_up(family):
            try:
                calls.hang_up(due.kazoo_account_id, call_id)
            except Exception as error:  # noqa: BLE001 - the other legs are ended all the same
                failed.append(error)
        if failed:
            raise failed[0]
        return "hung_up"

    def _extended(self, account: Account, hold: Hold, now: datetime) -> bool:
        longer = self._ledger.extend(*account.key, hold.hold_id, self._extension_seconds, now)
        # A call that is over needs nothing either.
        return longer is None or not isinstance(longer, Refusal)


def money_ends_at(hold: Hold) -> int:
    """Return when the held seconds end if the call was answered at once: never later than they do."""
    return hold.authorized_at + hold.held_seconds


def _legs_up(family: Family) -> list[str]:
    """Return the legs of a call that are not known to have ended."""
    known = [leg for leg in (family.caller, *family.legs) if leg is not None]
    up = [leg.call_id for leg in known if leg.end is None and not leg.is_internal]
    if family.caller is None or family.caller.end is None:
        return list(dict.fromkeys((family.hold.call_id, *up)))
    # Where only ends are reported, the end of the caller's leg is the only one to name the leg that lives on.
    partner = family.caller.last_partner
    is_own = family.next_authorized_at is None and partner not in {leg.call_id for leg in known}
    return list(dict.fromkeys((*up, partner) if partner and is_own else up))
