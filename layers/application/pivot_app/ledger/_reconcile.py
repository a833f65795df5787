"""Do the entries and the balances agree? Pure: what the table holds comes in, what is wrong comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pivot_app.ledger._account import Account, Entry


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums an account's item keeps beside its holds, as stored."""

    available_micros: int
    held_micros: int


def discrepancies(account: Account, totals: Totals, entries: Iterable[Entry]) -> list[str]:
    """What does not agree, a sentence each; nothing if the books are right.

    Proves that available + held + spent = credited, that held is the sum of the live holds, that the entries
    are numbered without a gap, that each balance follows from the one before, and that their sums are the
    account's. `entries` may reach beyond the account as it was read: later ones are left out.
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
    credited = spent = balance = number = 0
    charged: set[str] = set()
    for entry in entries:
        if entry.number > account.entries:
            break
        number += 1
        if entry.number != number:
            wrong.append(f"entry {number} is missing: {entry.number} comes next")
            number = entry.number
        balance += entry.amount_micros
        if entry.balance_micros != balance:
            wrong.append(f"entry {entry.number} says the balance is {entry.balance_micros}, it is {balance}")
            balance = entry.balance_micros
        if entry.kind in {"top_up", "adjust"}:
            credited += entry.amount_micros
            continue
        spent -= entry.amount_micros
        if entry.kind in {"call", "release"}:
            if entry.reference in charged:
                wrong.append(f"entry {entry.number} settles {entry.reference} a second time")
            charged.add(entry.reference)
    if number != account.entries:
        wrong.append(f"the account has {account.entries} entries, {number} were found")
    if credited != account.credited_micros:
        wrong.append(f"credits add up to {credited}, but credited is {account.credited_micros}")
    if spent != account.spent_micros:
        wrong.append(f"charges add up to {spent}, but spent is {account.spent_micros}")
    return wrong
