"""Prices the legs of a call and creates the ledger entries. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Entry, EntryKind, Hold, LegCharge, mint_entry_id
from pivot_app.ledger._charges import Charge
from pivot_app.ledger._rates import Rate

RateOf = Callable[[str], Rate | None]
"""The rate of a number by the account's plan as it is now."""


@dataclass(frozen=True, slots=True)
class Priced:
    """The charges of a call, priced.

    Args:
        call: The legs of the call that was authorized.
        transfers: Legs made after it was transferred, to other numbers.
        unpriced: Legs among them whose number has no rate, or is not known: an operator must look at them.

    """

    call: tuple[LegCharge, ...]
    transfers: tuple[LegCharge, ...]
    unpriced: tuple[LegCharge, ...]

    @property
    def legs(self) -> tuple[LegCharge, ...]:
        """All that are charged."""
        return (*self.call, *self.transfers)

    @property
    def micros(self) -> int:
        """The total cost."""
        return sum(leg.micros for leg in self.legs)

    @property
    def seconds(self) -> int:
        """The seconds of the call, without transfers."""
        return sum(leg.seconds for leg in self.call)


def price(hold: Hold, charges: Iterable[Charge], rate_of: RateOf) -> Priced:
    """Return the charges with what each costs.

    A leg to the number authorized is charged at the hold's rate, one that was sent on to another number at
    that number's, if it has one. A leg made after a transfer is charged at its own number's rate; if it went
    to an extension it cost nothing.
    """
    call: list[LegCharge] = []
    transfers: list[LegCharge] = []
    unpriced: list[LegCharge] = []
    for charge in charges:
        own = rate_of(charge.number) if charge.number else None
        if charge.why != "transfer":
            call.append(_priced(charge, own or hold.rate, hold))
        elif own is not None:
            transfers.append(_priced(charge, own, hold))
        else:
            unpriced.append(_priced(charge, None, hold))
    return Priced(tuple(call), tuple(transfers), tuple(unpriced))


def _priced(charge: Charge, rate: Rate | None, hold: Hold) -> LegCharge:
    return LegCharge(
        call_id=charge.call_id,
        why=charge.why,
        seconds=charge.seconds,
        billed_seconds=rate.billed_seconds(charge.seconds) if rate else 0,
        micros=rate.cost_micros(charge.seconds) if rate else 0,
        number=charge.number,
        prefix=rate.prefix if rate else "",
        per_minute_micros=rate.per_minute_micros if rate else 0,
        is_estimate=charge.is_estimate,
        is_cut=charge.is_cut,
        started_at=charge.started_at,
        ended_at=charge.ended_at,
        rate=rate.to_map() if rate and rate != hold.rate else {},
    )


def entries_of(hold: Hold, priced: Priced, now: datetime, note: str = "") -> list[Entry]:
    """Return the entries of a call's first settlement: one of the call, one of each leg after a transfer."""
    at, at_ms = int(now.timestamp()), int(now.timestamp() * 1000)
    overrun = priced.micros > hold.hold_micros
    kind: EntryKind = "call" if priced.seconds else "release"
    entries = [_entry(hold, kind, priced.call, at, mint_entry_id(at_ms), overrun=overrun, note=note)]
    entries += (
        _entry(hold, "transfer", (leg,), at, mint_entry_id(at_ms, 1), overrun=overrun)
        for leg in priced.transfers
    )
    return entries


def correction_of(
    hold: Hold, before: Sequence[LegCharge], priced: Priced, at: int, entry_id: str, note: str = ""
) -> Entry:
    """Return the entry that books what a call costs more, or less, than it was settled with."""
    known = {(leg.call_id, leg.why): leg for leg in before}
    changed = [leg for leg in priced.legs if known.get((leg.call_id, leg.why)) != leg]
    entry = _entry(hold, "correction", tuple(changed), at, entry_id, overrun=False, note=note)
    was = sum(leg.micros for leg in before)
    seconds = sum(leg.seconds for leg in priced.legs) - sum(leg.seconds for leg in before)
    billed = sum(leg.billed_seconds for leg in priced.legs) - sum(leg.billed_seconds for leg in before)
    return replace(entry, amount_micros=was - priced.micros, seconds=seconds, billed_seconds=billed)


def _entry(
    hold: Hold,
    kind: EntryKind,
    legs: tuple[LegCharge, ...],
    at: int,
    entry_id: str,
    *,
    overrun: bool,
    note: str = "",
) -> Entry:
    starts = [leg.started_at for leg in legs if leg.started_at]
    return Entry(
        kind=kind,
        amount_micros=-sum(leg.micros for leg in legs),
        at=at,
        reference=hold.hold_id,
        note=note,
        call_id=hold.call_id,
        destination=hold.destination if kind != "transfer" else legs[0].number,
        caller=hold.caller,
        seconds=sum(leg.seconds for leg in legs),
        billed_seconds=sum(leg.billed_seconds for leg in legs),
        held_micros=hold.hold_micros,
        leg=hold.billed_leg if kind != "release" else "",
        overrun=overrun,
        is_estimate=any(leg.is_estimate for leg in legs),
        authorized_at=hold.authorized_at,
        started_at=min(starts, default=0),
        ended_at=max((leg.ended_at for leg in legs), default=0),
        rate=hold.rate.to_map(),
        legs=legs,
        entry_id=entry_id,
    )
