"""Lists the calls that cannot be booked as KAZOO reported them, for an operator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pivot_app.ledger._account import Hold
from pivot_app.ledger._charges import Bill
from pivot_app.ledger._dynamodb import Booked
from pivot_app.ledger._events import LegEvent
from pivot_app.ledger._leg_store import LegStore, Problem, Surroundings


class Problems:
    """The list of a KAZOO account's problems, as settling calls adds to it."""

    def __init__(self, legs: LegStore) -> None:
        self._legs = legs

    def report_webhook(
        self, kazoo_account_id: str, kind: str, webhook: Mapping[str, Any], reason: str, received_at: int
    ) -> None:
        """List a webhook from which nothing can be booked, with what it holds."""
        inside = webhook.get("data")
        fields: Mapping[str, Any] = inside if isinstance(inside, Mapping) else webhook
        call_id = fields.get("call_id")
        shown = {str(name)[:64]: str(kept)[:256] for name, kept in list(fields.items())[:60]}
        named = call_id if isinstance(call_id, str) and 1 <= len(call_id) <= 255 else "unknown"
        problem = Problem(kind, named, reason, received_at, webhook=shown)
        self._legs.report(kazoo_account_id, problem)

    def report_unknown_hold(self, kazoo_account_id: str, event: LegEvent, reason: str, now: datetime) -> None:
        """List a leg that ended and names a hold that does not exist."""
        problem = Problem(
            "unknown_hold", event.call_id, reason, int(now.timestamp()), event.hold_id, event.seconds or 0
        )
        self._legs.report(kazoo_account_id, problem)

    def report_charges(
        self, kazoo_account_id: str, hold: Hold, to_bill: Bill, booked: Booked, now: datetime
    ) -> None:
        """List the legs that tell more seconds than passed, and those after a transfer without a rate."""
        at = int(now.timestamp())
        for charge in to_bill.charges:
            if charge.is_cut:
                reason = f"the leg tells more seconds than passed since its hold was made: {charge.seconds} s"
                problem = Problem("impossible", charge.call_id, f"{reason} were billed", at, hold.hold_id)
                self._legs.report(kazoo_account_id, problem)
        for leg in booked.unpriced:
            if leg.number or leg.why != "transfer":
                reason = (
                    f"the call went on to {leg.number} after a transfer, which the account has no rate for"
                )
                problem = Problem("unpriced", leg.call_id, reason, at, hold.hold_id, leg.seconds)
                self._legs.report(kazoo_account_id, problem)

    def report_unfinished(self, kazoo_account_id: str, hold: Hold, to_bill: Bill, now: datetime) -> None:
        """List a call that was settled before a leg was reported whose end is missing."""
        reason = f"the call was settled, and a later event says: {to_bill.reason}"
        problem = Problem("unfinished", hold.call_id, reason, int(now.timestamp()), hold.hold_id)
        self._legs.report(kazoo_account_id, problem)

    def solve_unfinished(self, kazoo_account_id: str, hold: Hold) -> None:
        """Take a call off the list whose missing end was reported."""
        self._legs.solve(kazoo_account_id, "unfinished", hold.call_id, hold.hold_id)

    def solve_unknown_hold(self, kazoo_account_id: str, hold: Hold, around: Surroundings) -> None:
        """Take the legs off the list that named a hold before it was made."""
        late = {
            event.call_id
            for event in around.events
            if event.hold_id == hold.hold_id
            and event.kind == "destroy"
            and event.received_at < hold.authorized_at
        }
        for call_id in late:
            self._legs.solve(kazoo_account_id, "unknown_hold", call_id)
