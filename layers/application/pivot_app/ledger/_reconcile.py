"""Compares entries with balances. A pure function: items in, differences out."""

from __future__ import annotations

from collections.abc import Iterable

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Account, Entry


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums an account's item keeps beside its holds, as stored."""

    available_micros: int
    held_micros: int


def discrepancies(account: Account, totals: Totals, entries: Iterable[Entry]) -> list[str]:
    """Return what does not agree, a sentence each; nothing if the books are right.

    Proves that available + held + spent = credited, that held is the sum of the live holds, that the sums of
    the entries are the account's, and that no call was settled twice. An entry of a call that is still held
    is not counted: it is written before the hold ends, and posted with it.
    """
    wrong = []
    stored = totals.available_micros + totals.held_micros + account.spent_micros
    if stored != account.credited_micros:
        wrong.append(
            f"available {totals.available_micros} + held {totals.held_micros} + spent {account.spent_micros} "
            f"is {stored}, but credited is {account.credited_micros}"
        )
    if totals.held_micros != account.held_micros:
        wrong.append(f"held is {totals.held_micros}, but the holds add up to {account.held_micros}")
    credited = spent = 0
    settled: set[str] = set()
    live = {hold.hold_id for hold in account.holds.values()}
    for entry in entries:
        if entry.kind in {"top_up", "adjust"}:
            credited += entry.amount_micros
            continue
        if entry.reference in live:
            continue
        spent -= entry.amount_micros
        if entry.kind in {"call", "release"}:
            if entry.reference in settled:
                wrong.append(f"entry {entry.number} settles {entry.reference} a second time")
            settled.add(entry.reference)
    if credited != account.credited_micros:
        wrong.append(f"credits add up to {credited}, but credited is {account.credited_micros}")
    if spent != account.spent_micros:
        wrong.append(f"charges add up to {spent}, but spent is {account.spent_micros}")
    return wrong
