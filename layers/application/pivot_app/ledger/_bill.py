"""Calculates the cost of a call's legs, and whether it is final. Pure functions.

Every answered leg that KAZOO made is billed by its own seconds, however long. The
caller's own leg never is (unless the hold says so): our prompt answered it, so its seconds are not talk.
docs/ledger.md has a rule for each shape of call, with an example.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pivot_app.ledger._charges import Bill, Charge, Why
from pivot_app.ledger._events import LegEvent
from pivot_app.ledger._family import MAX_SKEW_SECONDS, Family, same_number
from pivot_app.ledger._legs import ROUNDING_SECONDS, Leg

QUIET_SECONDS: Final = 120
"""How long to wait for more events after the last one, if the known events leave a doubt."""

NOT_ANSWERED: Final = frozenset(
    {
        "CALL_REJECTED",
        "NO_ANSWER",
        "NO_USER_RESPONSE",
        "ORIGINATOR_CANCEL",
        "UNALLOCATED_NUMBER",
        "USER_BUSY",
    }
)
"""Causes of a caller's leg that say that nobody answered."""

LIVES_ON: Final = frozenset({"ATTENDED_TRANSFER", "BLIND_TRANSFER", "PICKED_OFF"})
"""Causes of a leg after which its partner goes on."""


def bill(family: Family, now: int, *, is_settled: bool = False) -> Bill:
    """Return what the call of a hold is to be billed, and whether it is over.

    Args:
        family: The known facts about it.
        now: The time, in epoch seconds.
        is_settled: It was settled before, so no money is kept by waiting until it should have ended.

    """
    return _Billing(family, now, is_settled=is_settled).bill()


class _Billing:
    def __init__(self, family: Family, now: int, *, is_settled: bool) -> None:
        self.family = family
        self.hold = family.hold
        self.caller = family.caller
        self.now = now
        self.is_settled = is_settled
        self.is_quiet = now - family.last_arrival >= QUIET_SECONDS
        self.is_due = self.is_quiet and (is_settled or now >= family.hold.expires_at)
        self.caller_id = family.hold.call_id
        self.kinds: dict[str, Why] = {}
        self.internal = [leg for leg in family.legs if leg.is_internal]
        self.outbound = [
            leg
            for leg in family.legs
            if leg.direction == "outbound" and not leg.is_internal and leg.call_id != self.caller_id
        ]
        self.outbound.sort(key=lambda leg: (leg.created, leg.call_id))

    # --- Whether it is over -----------------------------------------------------------------------

    def bill(self) -> Bill:
        end = self.caller.end if self.caller else None
        if self.hold.billed_leg == "a":
            return self.of_caller(end)
        charges, still_open = self.talk()
        is_over = end is not None or self.family.next_authorized_at is not None
        if not is_over:
            if not self.is_due:
                return Bill("waiting", charges, "the caller's leg has not ended")
            if charges and not still_open and not self.may_go_on():
                return Bill("ended", charges)
            return Bill("unresolved", charges, "the end of the caller's leg was not told")
        if still_open:
            return self.unfinished(charges, still_open, end)
        partner = self.unknown_partner(end)
        if partner:
            return self.with_unknown_partner(charges, partner, end)
        uncertain = any(charge.is_estimate for charge in charges) or not (
            self.family.by_hold_id or self.family.next_authorized_at or any(c.seconds for c in charges)
        )
        if uncertain and not self.is_quiet:
            return Bill("waiting", charges, "the known events are not final yet")
        return Bill("ended", charges)

    def may_go_on(self) -> bool:
        """Whether the caller may talk on after the last reported leg, so that money is held for the next one.

        The callee who sends a caller away leaves him connected. If only ends are reported, a live leg is
        unknown, so the call gets the same time again to report.
        """
        if self.is_settled:
            return False  # Nothing is held now: what is known is booked.
        ends = [leg.end for leg in self.outbound if leg.end is not None]
        last = max(ends, key=lambda end: end.clock, default=None)
        if last is not None and last.cause in LIVES_ON:
            return True
        are_ends_alone = all(event.kind == "destroy" for event in self.family.events)
        return are_ends_alone and self.now < 2 * self.hold.expires_at - self.hold.authorized_at

    def unfinished(self, charges: tuple[Charge, ...], still_open: list[Leg], end: LegEvent | None) -> Bill:
        """Return whether a leg was answered and its end was not reported."""
        names = ", ".join(leg.call_id for leg in still_open)
        if not self.is_due:
            return Bill("waiting", charges, f"leg {names} has not ended")
        estimates = [self.estimate(leg) for leg in still_open]
        if end is None or any(one is None for one in estimates):
            return Bill("unresolved", charges, f"the end of leg {names} was not told")
        return Bill("ended", (*charges, *(one for one in estimates if one is not None)))

    def with_unknown_partner(self, charges: tuple[Charge, ...], partner: str, end: LegEvent | None) -> Bill:
        """Bill a leg that was never reported: it is of another account, or its events are lost."""
        bridge = self.bridge_to_unknown()
        if bridge is not None and end is not None and end.cause not in LIVES_ON and not end.replaced:
            if not self.is_quiet:
                return Bill("waiting", charges, f"leg {partner} was not reported")
            seconds = self.bounded(max(end.clock - bridge.clock, 0), end.received_at)
            estimate = Charge(
                partner,
                seconds,
                "on_net",
                is_estimate=True,
                started_at=bridge.clock,
                ended_at=end.clock,
            )
            return Bill("ended", (*charges, estimate))
        if end is not None and end.cause in NOT_ANSWERED and bridge is None and self.is_quiet:
            return Bill("ended", charges)
        if not self.is_due:
            return Bill("waiting", charges, f"leg {partner} was not reported")
        return Bill("unresolved", charges, f"leg {partner} was not reported")

    def of_caller(self, end: LegEvent | None) -> Bill:
        """Bill the caller's own leg, prompts and ringing included."""
        if end is None:
            if self.is_due:
                return Bill("unresolved", (), "the end of the caller's leg was not told")
            return Bill("waiting", (), "the caller's leg has not ended")
        if not self.family.by_hold_id and not self.is_quiet:
            return Bill("waiting", (), "the known events are not final yet")
        seconds = end.seconds or 0
        following = self.family.next_authorized_at
        if following is not None:
            seconds = min(seconds, following - self.hold.authorized_at)
        bounded = self.bounded(seconds, end.received_at)
        charge = Charge(
            end.call_id,
            bounded,
            "caller",
            started_at=end.clock - (end.seconds or 0),
            ended_at=end.clock,
        )
        return Bill("ended", (charge,))

    # --- What it cost -----------------------------------------------------------------------------

    def talk(self) -> tuple[tuple[Charge, ...], list[Leg]]:
        """Return the legs to bill, and those that were answered and have not ended."""
        charges: list[Charge] = []
        still_open: list[Leg] = []
        was_answered = False
        for leg in self.outbound:
            why = self.kinds[leg.call_id] = self.why(leg, was_answered=was_answered)
            end = leg.end
            if end is None:
                if self.is_answered(leg):
                    still_open.append(leg)
                    was_answered |= why != "transfer"
                continue
            seconds, is_cut = self.seconds_of(leg)
            if end.cause == "LOSE_RACE":
                continue
            if seconds:
                charges.append(self.charge(leg, end, seconds, why, is_cut=is_cut))
                was_answered |= why != "transfer"
        charges += self.picked_up()
        still_open += [leg for leg in self.pickers_up() if leg.end is None and self.is_answered(leg)]
        if not was_answered:
            charges += self.on_net()
            still_open += [leg for leg in self.on_net_legs() if leg.end is None and self.is_answered(leg)]
        return tuple(charges), still_open

    def charge(self, leg: Leg, end: LegEvent, seconds: int, why: Why, *, is_cut: bool = False) -> Charge:
        return Charge(
            leg.call_id,
            seconds,
            why,
            number=leg.e164 if why in {"diverted", "transfer"} else "",
            is_cut=is_cut,
            started_at=end.clock - seconds,
            ended_at=end.clock,
        )

    def why(self, leg: Leg, *, was_answered: bool) -> Why:
        """Return whether a leg is of the call that was authorized, or was made after a transfer."""
        is_same = same_number(leg.numbers, self.hold.destination)
        if is_same:
            return "call"
        if self.is_for_caller(leg) and (is_same is None or not was_answered):
            return "call" if is_same is None else "diverted"
        return "transfer"

    def is_for_caller(self, leg: Leg) -> bool:
        """Return whether a leg was made for the caller, through legs inside the switch or not."""
        inside = {self.caller_id, *(one.call_id for one in self.internal)}
        if leg.origin:
            return leg.origin in inside
        named = {event.other_leg for event in self.caller.events} if self.caller else set()
        return leg.last_partner in inside or leg.call_id in named or not leg.last_partner

    def is_answered(self, leg: Leg) -> bool:
        if leg.answered is not None or leg.partners:
            return True
        return any(
            event.other_leg == leg.call_id and event.kind in {"bridge", "destroy"}
            for event in self.news_of(leg)
        )

    def seconds_of(self, leg: Leg) -> tuple[int, bool]:
        """Return the seconds of a leg that ended, and whether the clock's limit cut some off."""
        best, is_cut = 0, False
        for event in leg.events:
            if event.kind == "destroy" and event.seconds:
                bounded = self.bounded(event.seconds, event.received_at)
                is_cut |= bounded < event.seconds
                best = max(best, bounded)
        return best, is_cut

    def bounded(self, seconds: int, received_at: int) -> int:
        """No leg of a call lasts longer than the time since its hold was made, and the skew of clocks."""
        passed = received_at - self.hold.authorized_at + MAX_SKEW_SECONDS
        return max(min(seconds, passed), 0)

    def picked_up(self) -> Iterator[Charge]:
        """Colleagues who took the caller over on their own phones."""
        for leg in self.pickers_up():
            if leg.end is not None and leg.end.seconds:
                seconds, is_cut = self.seconds_of(leg)
                yield self.charge(leg, leg.end, seconds, "picked_up", is_cut=is_cut)

    def pickers_up(self) -> Iterator[Leg]:
        for leg in self.family.legs:
            if leg.direction == "inbound" and not leg.is_internal and self.is_partner(leg):
                yield leg

    def is_partner(self, leg: Leg) -> bool:
        """Return whether a leg was connected with the caller."""
        if leg.last_partner == self.caller_id or any(b.other_leg == self.caller_id for b in leg.partners):
            return True
        told = self.caller.events if self.caller else ()
        return any(event.other_leg == leg.call_id and event.kind in {"bridge", "destroy"} for event in told)

    def on_net(self) -> Iterator[Charge]:
        """Bill a call to another KAZOO account: only the half inside the switch is reported to this one."""
        end = self.caller.end if self.caller else None
        for leg in self.on_net_legs():
            if leg.end is None:
                continue
            stayed = end is None or end.other_leg in {"", leg.call_id}
            if stayed and leg.end.seconds:
                seconds, is_cut = self.seconds_of(leg)
                yield self.charge(leg, leg.end, seconds, "on_net", is_cut=is_cut)
            elif end is not None and leg.end.seconds and not self.is_told(end.other_leg):
                # The two phones were joined directly, and the other leg is reported to its account only.
                start = leg.end.clock - leg.end.seconds if leg.answered is None else leg.answered
                seconds = self.bounded(max(end.clock - start, 0), end.received_at)
                yield Charge(
                    leg.call_id,
                    seconds,
                    "on_net",
                    is_estimate=True,
                    started_at=start,
                    ended_at=end.clock,
                )

    def on_net_legs(self) -> Iterator[Leg]:
        """Yield the halves inside the switch that were made for the caller."""
        for leg in self.internal:
            if leg.direction != "outbound" or leg.origin not in {"", self.caller_id}:
                continue
            if leg.last_partner == self.caller_id or self.is_partner(leg):
                yield leg

    # --- Estimates -------------------------------------------------------------------------------

    def news_of(self, leg: Leg) -> Iterator[LegEvent]:
        """Yield what other legs report about a leg."""
        members = [*self.family.legs, *self.family.others]
        if self.caller:
            members.append(self.caller)
        for other in members:
            if other is not leg:
                yield from (event for event in other.events if event.other_leg == leg.call_id)

    def estimate(self, leg: Leg) -> Charge | None:
        """Return the seconds of a leg without an end: from its answer to the end of its last partner."""
        news = list(self.news_of(leg))
        ends = [event for event in news if event.kind == "destroy"]
        bridges = [event.clock for event in (*news, *leg.partners) if event.kind == "bridge"]
        start = leg.answered if leg.answered is not None else min(bridges, default=None)
        if not ends or start is None:
            return None
        last = max(ends, key=lambda event: event.clock)
        if last.cause in LIVES_ON or last.replaced:
            return None
        later = [event for event in (*news, *leg.events) if event.clock > last.clock + ROUNDING_SECONDS]
        began = [event for event in news if event.kind != "destroy" and event.clock >= last.clock]
        if later or began:
            return None
        why: Why = "on_net" if leg.is_internal else "picked_up"
        if not leg.is_internal and leg.direction == "outbound":
            why = self.kinds[leg.call_id]
        seconds = self.bounded(max(last.clock - start, 0), last.received_at)
        return Charge(
            leg.call_id,
            seconds,
            why,
            number=leg.e164 if why in {"diverted", "transfer"} else "",
            is_estimate=True,
            started_at=start,
            ended_at=last.clock,
        )

    def unknown_partner(self, end: LegEvent | None) -> str:
        """Return the leg the caller's own was connected with at its end, if that leg was never reported."""
        if end is None or self.family.next_authorized_at is not None or not end.other_leg:
            return ""
        if self.is_told(end.other_leg):
            return ""
        if any(leg.end is not None and leg.answered is not None for leg in self.internal) or any(
            leg.end is not None and leg.end.seconds for leg in self.internal
        ):
            return ""  # On-net: billed by its half inside the switch.
        return end.other_leg

    def is_told(self, call_id: str) -> bool:
        return call_id == self.caller_id or any(leg.call_id == call_id for leg in self.family.legs)

    def bridge_to_unknown(self) -> LegEvent | None:
        """Return the first bridge of the caller's leg to a leg that was not reported."""
        if self.caller is None:
            return None
        after = self.hold.authorized_at - self.family.offset - ROUNDING_SECONDS
        bridges = [
            one for one in self.caller.partners if not self.is_told(one.other_leg) and one.clock >= after
        ]
        return min(bridges, key=lambda one: one.clock, default=None)
