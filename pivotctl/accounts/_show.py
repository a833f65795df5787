"""How accounts, entries and holds look on a terminal."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TextIO

from rich.markup import escape
from rich.table import Table

from pivot_app.ledger import Account, Entry
from pivotctl.accounts._money import plain


def account_table(account: Account, now: datetime) -> Table:
    """The money and the limits of an account, a line each."""
    controls = account.controls
    live = account.live_holds(now)
    rows = {
        "balance": plain(account.balance_micros),
        "held": f"{plain(account.balance_micros - account.available_micros(now))} by {len(live)} live calls",
        "available": plain(account.available_micros(now)),
        "credit limit": plain(account.credit_limit_micros),
        "credited": plain(account.credited_micros),
        "spent": plain(account.spent_micros),
        "entries": str(account.entries),
        "plan": escape(account.plan) or "none",
        "own rates": str(len(account.rates)),
        "calls at once": str(controls.max_live_calls),
        "seconds a call": str(controls.max_call_seconds),
        "spend an hour": "any" if controls.max_hour_micros is None else plain(controls.max_hour_micros),
        "spend a day": "any" if controls.max_day_micros is None else plain(controls.max_day_micros),
        "countries": ", ".join(controls.allowed_countries) or "any",
        "denied prefixes": ", ".join(controls.denied_prefixes) or "none",
        "calls": "[red]blocked[/]" if controls.blocked else "allowed",
    }
    table = Table(title=f"account {account.account_id}, {account.currency}", show_header=False)
    for name, shown in rows.items():
        table.add_row(name, shown)
    return table


def statement_table(account: Account, entries: Iterable[Entry]) -> Table:
    """The entries of an account, with the balance after each."""
    table = Table(title=f"account {account.account_id}, {account.currency}")
    for column in ("no.", "time (UTC)", "what", "reference", "seconds", "amount", "balance"):
        table.add_column(
            column, justify="right" if column in {"no.", "seconds", "amount", "balance"} else "left"
        )
    for entry in entries:
        lasted = f"{entry.seconds} ({entry.billed_seconds})" if entry.kind == "call" else ""
        what = f"{entry.kind} {entry.destination}".strip() + (" [yellow]overrun[/]" if entry.overrun else "")
        table.add_row(
            str(entry.number),
            moment(entry.at),
            what,
            escape(entry.note or entry.call_id or entry.reference),
            lasted,
            plain(entry.amount_micros),
            plain(entry.balance_micros),
        )
    return table


def write_csv(entries: Iterable[Entry], out: TextIO) -> None:
    """The entries as CSV, every field of them; money in micro-units."""
    writer = csv.writer(out)
    names = [field.name for field in fields(Entry)]
    writer.writerow(names)
    for entry in entries:
        writer.writerow([_cell(getattr(entry, name)) for name in names])


def holds_table(account: Account, now: datetime) -> Table:
    """The holds of an account: whose calls its money is set aside for."""
    table = Table(
        "Call-ID", "to", "held", "seconds", "since", "until", title=f"holds of {account.account_id}"
    )
    for hold in account.holds.values():
        until = moment(hold.expires_at) if hold.counts(now) else "[dim]expired[/]"
        since = moment(hold.authorized_at)
        held = plain(hold.hold_micros)
        table.add_row(escape(hold.call_id), hold.destination, held, str(hold.held_seconds), since, until)
    return table


def moment(epoch_s: int) -> str:
    """An instant in UTC, to the second."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _cell(value: Any) -> Any:
    """Spreadsheets run a cell that begins like a formula: what came from outside is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"} else value
