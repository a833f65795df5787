"""Money that waits: holds whose end was never told, and ends that belong to no hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from pivot_app.crossbar import Crossbar, CrossbarError
from pivot_app.lazy_dataclass import dataclass

from ._findings import Finding

LOOKED_UP = 20
"""The maximum number of holds checked with KAZOO in one run."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Money that is held for a call; `ends_at` is when the call should be over and its end reported."""

    account_id: str
    hold_id: str
    call_id: str
    authorized_at: datetime
    ends_at: datetime


class Money(Protocol):
    """The ledger's data about a KAZOO account."""

    def holds(self, kazoo_account_id: str) -> Iterable[Hold]:
        """Return the holds of live calls."""

    def unmatched(self, kazoo_account_id: str) -> int:
        """Return how many ends of calls belong to no hold."""


def check_money(crossbar: Crossbar, money: Money, now: datetime) -> Iterator[Finding]:
    """Ask KAZOO about every hold whose call should be over."""
    account = crossbar.kazoo_account_id
    late = [hold for hold in money.holds(account) if hold.ends_at < now]
    for hold in late[:LOOKED_UP]:
        yield _of_hold(crossbar, hold)
    if len(late) > LOOKED_UP:
        yield Finding(
            "holds",
            "error",
            f"{len(late) - LOOKED_UP} more holds wait for the end of their call",
            "`pivot accounts import-cdrs` brings the ends",
        )
    if not late:
        yield Finding("holds", "ok", "no hold waits for the end of a call that should be over")
    unmatched = money.unmatched(account)
    if unmatched:
        yield Finding(
            "ends",
            "error",
            f"{unmatched} ends of calls could not be booked: calls that nobody paid for",
            "`pivot accounts unmatched` lists them",
        )
    else:
        yield Finding("ends", "ok", "every end of a call is booked")


def _of_hold(crossbar: Crossbar, hold: Hold) -> Finding:
    held = f"account {hold.account_id}: hold {hold.hold_id} of {hold.authorized_at:%Y-%m-%d %H:%M} UTC"
    try:
        if (cdr := crossbar.cdr(hold.call_id, hold.authorized_at)) is not None:
            return Finding(
                "holds",
                "error",
                f"{held} has no end, but KAZOO has its CDR of {cdr.billing_seconds} s",
                "`pivot accounts import-cdrs` settles it",
            )
        state = crossbar.channel_state(hold.call_id)
    except CrossbarError as error:
        return Finding(
            "holds", "warning", f"{held} has no end; KAZOO does not say why: {error}", "run it again"
        )
    if state == "up":
        return Finding("holds", "note", f"{held}: its call is still up, longer than its money was held")
    if state == "gone":
        return Finding(
            "holds",
            "error",
            f"{held} has no end, no CDR, and its call is gone",
            "`pivot accounts unresolved` lists it, `pivot accounts resolve` decides what it costs",
        )
    return Finding("holds", "warning", f"{held} has no end, and KAZOO does not know its call", "run it again")
