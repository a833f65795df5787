"""Explains a charge in words, to the last millionth: the answer to "why was I charged this?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pivot_app.ledger import Account, DynamoDBLedger, Entry, Hold, LegCharge, Rate
from pivotctl.accounts._entries import CREDITS, Line
from pivotctl.accounts._money import plain
from pivotctl.accounts._times import moment
from pivotctl.accounts.price import rate_in_words

WHY = {
    "call": "the number authorized",
    "diverted": "sent on to another number",
    "picked_up": "picked up by a colleague",
    "on_net": "a call to another KAZOO account",
    "caller": "the caller's own leg, because the gate bills it (bill=a)",
    "transfer": "made after the call was transferred",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One call, or one credit: its entries in the order they were posted, and its hold while it lives."""

    account: Account
    entries: tuple[Entry, ...]
    hold: Hold | None = None

    def to_map(self) -> dict[str, Any]:
        """Return the explanation for JSON."""
        return {
            "account_id": self.account.account_id,
            "currency": self.account.currency,
            "charged_micros": -sum(entry.amount_micros for entry in self.entries),
            "hold": {**asdict(self.hold), "rate": self.hold.rate.to_map()} if self.hold else None,
            "entries": [Line(self.account, entry).to_map() for entry in self.entries],
        }

    def __str__(self) -> str:
        return "\n".join(_sentences(self))


def find(ledger: DynamoDBLedger, kazoo_account_id: str, what: str, number: str = "") -> list[Explanation]:
    """Return the calls of a Call-ID, a hold, a reference or an entry (ACCOUNT/NUMBER, or its id).

    Looks through one account where it follows from `what` or is given, else through all of them.
    """
    account_id, slash, place = what.partition("/")
    if slash and account_id.isdigit() and place.isdigit() and not number:
        number = account_id
    before_dot = what.partition(".")[0]
    if not number and "." in what and before_dot.isdigit():
        number = before_dot
    accounts = _accounts(ledger, kazoo_account_id, number)
    return [found for account in accounts for found in _of_account(ledger, account, what)]


def _accounts(ledger: DynamoDBLedger, kazoo_account_id: str, number: str) -> Iterator[Account]:
    account = ledger.account(kazoo_account_id, number) if number else None
    if account is not None:
        yield account
        return
    yield from ledger.all_accounts(kazoo_account_id)


def _of_account(ledger: DynamoDBLedger, account: Account, what: str) -> list[Explanation]:
    entries = list(ledger.entries(account.kazoo_account_id, account.account_id))
    named = {f"{account.account_id}/{entry.number}": entry for entry in entries}
    matching = [
        entry
        for key, entry in named.items()
        if what in {key, entry.entry_id, entry.call_id, entry.reference} and what
    ]
    holds = {hold.hold_id: hold for hold in account.holds.values()}
    wanted = dict.fromkeys(entry.reference for entry in matching)
    wanted |= dict.fromkeys(hold.hold_id for hold in holds.values() if what in {hold.hold_id, hold.call_id})
    return [
        Explanation(
            account,
            tuple(entry for entry in entries if entry.reference == reference),
            holds.get(reference),
        )
        for reference in wanted
    ]


def _sentences(found: Explanation) -> Iterator[str]:
    account, entries = found.account, found.entries
    if entries and entries[0].kind in CREDITS:
        for entry in entries:
            note = f": {entry.note}" if entry.note else ""
            yield (
                f"{entry.kind} of account {account.account_id}, reference {entry.reference}{note}: "
                f"{plain(entry.amount_micros)} {account.currency} on {moment(entry.at)} (UTC), "
                f"balance {plain(entry.balance_micros)}"
            )
        return
    first: Entry | Hold = entries[0] if entries else found.hold  # type: ignore[assignment]
    yield f"call {first.call_id} of account {account.account_id}, {account.currency}"
    yield f"from {first.caller or 'a caller not told'} to {first.destination}"
    yield f"authorized {moment(first.authorized_at)} (UTC)"
    if found.hold:
        yield (
            f"not settled: {plain(found.hold.hold_micros)} is held for {found.hold.held_seconds} s, "
            f"its end is due by {moment(found.hold.expires_at)}"
        )
        yield rate_in_words(found.hold.rate)
    for entry in entries:
        yield from _of_entry(account, entry)
    if len(entries) > 1:
        total = -sum(entry.amount_micros for entry in entries)
        yield f"charged in all: {plain(total)} {account.currency}"


def _of_entry(account: Account, entry: Entry) -> Iterator[str]:
    yield ""
    yield (
        f"entry {account.account_id}/{entry.number}, {entry.kind}, posted {moment(entry.at)}: "
        f"{plain(entry.amount_micros)} {account.currency}, balance {plain(entry.balance_micros)}"
    )
    if entry.note:
        yield f"  note: {entry.note}"
    own = Rate.from_map(entry.rate) if entry.rate else None
    if own is not None and entry.legs:
        yield f"  {rate_in_words(own)}"
    for leg in entry.legs:
        yield from _of_leg(leg, own)
    if entry.kind == "release":
        yield f"  nothing was talked; {plain(entry.held_micros)} that was held is free again"
    if entry.overrun:
        yield f"  it cost more than the {plain(entry.held_micros)} that was held"
    if entry.is_estimate:
        yield "  an estimate: the end of a leg was not told, and follows from the times of others"


def _of_leg(leg: LegCharge, own: Rate | None) -> Iterator[str]:
    when = ""
    if leg.started_at:
        when = f", answered {moment(leg.started_at)}"
    if leg.ended_at:
        when += f", ended {moment(leg.ended_at)}"
    yield f"  leg {leg.call_id} to {leg.number or 'a number not told'} ({WHY.get(leg.why, leg.why)}){when}"
    rate = Rate.from_map(leg.rate) if leg.rate else own
    if rate is None or not leg.billed_seconds:
        yield f"    {leg.seconds} s, nothing to pay"
        return
    if leg.rate:
        yield f"    {rate_in_words(rate)}"
    fee = f"{plain(rate.connection_fee_micros)} + " if rate.connection_fee_micros else ""
    yield (
        f"    {leg.seconds} s, billed as {leg.billed_seconds} s: "
        f"{fee}{leg.billed_seconds} s x {plain(rate.per_minute_micros)} / 60 s = {plain(leg.micros)}"
    )
    if leg.is_cut:
        yield "    more seconds were reported than passed since the call was authorized; the rest was cut off"
