"""How accounts, entries and holds look on a terminal, and as facts for JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.markup import escape
from rich.table import Table

from pivot_app.ledger import Account, Controls, Entry, Hold
from pivotctl.accounts._entries import Line
from pivotctl.accounts._money import plain
from pivotctl.accounts._revenue import Revenue
from pivotctl.accounts._times import moment


def account_facts(account: Account, now: datetime) -> dict[str, Any]:
    """Return an account for JSON; money in micro-units. The profile is left out: it holds a PIN."""
    return {
        "account_id": account.account_id,
        "currency": account.currency,
        "name": account.profile.get("name"),
        "balance_micros": account.balance_micros,
        "held_micros": account.balance_micros - account.available_micros(now),
        "available_micros": account.available_micros(now),
        "credit_limit_micros": account.credit_limit_micros,
        "credited_micros": account.credited_micros,
        "spent_micros": account.spent_micros,
        "live_calls": len(account.live_holds(now)),
        "plan": account.plan or None,
        "own_rates": [rate.to_map() for rate in account.rates],
        "controls": asdict(account.controls),
    }


def account_table(account: Account, now: datetime) -> Table:
    """Return the money and the limits of an account, a line each."""
    controls = account.controls
    live = account.live_holds(now)
    rows = {
        "balance": plain(account.balance_micros),
        "held": f"{plain(account.balance_micros - account.available_micros(now))} by {len(live)} live calls",
        "available": plain(account.available_micros(now)),
        "credit limit": plain(account.credit_limit_micros),
        "credited": plain(account.credited_micros),
        "spent": plain(account.spent_micros),
        "plan": escape(account.plan) or "none",
        "own rates": str(len(account.rates)),
        "calls at once": str(controls.max_live_calls),
        "seconds a call": str(controls.max_call_seconds),
        "held at first": f"{controls.hold_seconds} s" if controls.hold_seconds else "the whole call",
        "spend an hour": "any" if controls.max_hour_micros is None else plain(controls.max_hour_micros),
        "spend a day": "any" if controls.max_day_micros is None else plain(controls.max_day_micros),
        "notice below": "none" if controls.low_balance_micros is None else plain(controls.low_balance_micros),
        "auto top-up": "none" if controls.auto_top_up_micros is None else plain(controls.auto_top_up_micros),
        "unresolved calls": _unresolved(controls),
        "countries": ", ".join(controls.allowed_countries) or "any",
        "denied prefixes": ", ".join(controls.denied_prefixes) or "none",
        "deny lists": escape(", ".join(controls.deny_lists)) or "none",
        "calls": "[red]blocked[/]" if controls.blocked else "allowed",
    }
    table = Table(title=f"account {account.account_id}, {account.currency}", show_header=False)
    for name, shown in rows.items():
        table.add_row(name, shown)
    return table


def _unresolved(controls: Controls) -> str:
    if controls.unresolved_policy == "keep":
        return "stay held until an operator resolves them"
    what = "cost nothing" if controls.unresolved_policy == "void" else "cost what is held"
    return f"{what} after {controls.unresolved_hours} hours"


def accounts_table(accounts: Iterable[Account], now: datetime) -> Table:
    """Accounts, a line each."""
    table = Table("account", "name", "plan")
    for column in ("balance", "held", "available"):
        table.add_column(column, justify="right")
    table.add_column("currency")
    table.add_column("calls")
    for account in accounts:
        available = account.available_micros(now)
        table.add_row(
            account.account_id,
            escape(str(account.profile.get("name", ""))),
            escape(account.plan),
            plain(account.balance_micros),
            plain(account.balance_micros - available),
            plain(available),
            account.currency,
            "[red]blocked[/]" if account.controls.blocked else str(len(account.live_holds(now))),
        )
    return table


def entry_facts(entry: Entry) -> dict[str, Any]:
    """Return an entry for JSON and CSV, every field of it."""
    return asdict(entry)


def statement_table(lines: Sequence[Line], title: str) -> Table:
    """Entries, with the balance after each; whose they are where they are of several accounts."""
    table = Table(title=title)
    several = len({line.account.account_id for line in lines}) > 1
    names = ("account",) if several else ()
    for column in (*names, "no.", "time (UTC)", "what", "from", "reference", "seconds", "amount", "balance"):
        right = column in {"no.", "seconds", "amount", "balance"}
        table.add_column(column, justify="right" if right else "left")
    for line in lines:
        entry = line.entry
        lasted = f"{entry.seconds} ({entry.billed_seconds})" if entry.billed_seconds else ""
        flags = (("overrun", entry.overrun), ("estimate", entry.is_estimate))
        what = f"{entry.kind} {entry.destination}".strip()
        what += "".join(f" [yellow]{word}[/]" for word, is_so in flags if is_so)
        row = (
            str(entry.number),
            moment(entry.ended_at or entry.at),
            what,
            escape(entry.caller),
            escape(entry.note or entry.call_id or entry.reference),
            lasted,
            plain(entry.amount_micros),
            plain(entry.balance_micros),
        )
        table.add_row(*((line.account.account_id,) if several else ()), *row)
    return table


def revenue_table(groups: Iterable[Revenue], sums: Iterable[Revenue], by: Sequence[str]) -> Table:
    """Print groups of revenue, and their sum in each currency."""
    table = Table(*by, show_footer=False)
    for column in ("calls", "seconds", "billed", "revenue"):
        table.add_column(column, justify="right")
    table.add_column("currency")

    def row(keys: Iterable[str], group: Revenue) -> None:
        amounts = (
            str(group.calls),
            str(group.seconds),
            str(group.billed_seconds),
            plain(group.revenue_micros),
        )
        table.add_row(*map(escape, keys), *amounts, group.currency)

    for group in groups:
        row(group.keys, group)
    table.add_section()
    for total in sums:
        row(("all", *("" for _ in by[1:])), total)
    return table


def hold_facts(hold: Hold) -> dict[str, Any]:
    """Return a hold for JSON."""
    return {**asdict(hold), "rate": hold.rate.to_map()}


def holds_table(account: Account, now: datetime) -> Table:
    """Return the holds of an account: whose calls its money is set aside for."""
    table = Table(
        *("Call-ID", "from", "to", "held", "seconds", "since", "due"), title=f"holds of {account.account_id}"
    )
    for hold in account.holds.values():
        until = moment(hold.expires_at)
        if hold.unresolved_at:
            until += " [red]unresolved[/]"
        elif hold.is_due(now):
            until += " [yellow]overdue[/]"
        since = moment(hold.authorized_at)
        held = plain(hold.hold_micros)
        table.add_row(
            escape(hold.call_id),
            escape(hold.caller),
            hold.destination,
            held,
            str(hold.held_seconds),
            since,
            until,
        )
    return table
