"""The commands that tell what was booked: statement, explain, revenue."""

from __future__ import annotations

from typing import Annotated

import typer

from pivotctl.accounts import _explain, _export, _show
from pivotctl.accounts._books import Books, books
from pivotctl.accounts._console import show, show_csv, show_json, show_json_lines
from pivotctl.accounts._entries import Line, lines
from pivotctl.accounts._revenue import KEYS, Key, revenue, to_map, totals
from pivotctl.accounts._times import instant
from pivotctl.deployment import LOCAL
from pivotctl.errors import UsageError, UserError
from pivotctl.options import AsJson, KazooAccount, Stage

Since = Annotated[str, typer.Option(help="From this time on, such as 2026-03-01; UTC.")]
Until = Annotated[str, typer.Option(help="Up to this time, exclusive.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV, money in micro-units, times in epoch seconds.")]
Currency = Annotated[str, typer.Option(help="Only accounts in this currency.")]


def statement(
    number: Annotated[str, typer.Argument(help="The account's number.", metavar="ACCOUNT")] = "",
    everyone: Annotated[bool, typer.Option("--all", help="The entries of all accounts.")] = False,
    since: Since = "",
    until: Until = "",
    after: Annotated[int, typer.Option(help="Only entries numbered above this.")] = 0,
    currency: Currency = "",
    as_csv: AsCsv = False,
    as_json_lines: Annotated[bool, typer.Option("--jsonl", help="A JSON document a line.")] = False,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Print the entries of one account or of all, with the balance after each."""
    with books(stage, tenant) as here:
        found = _lines(here, number, since, until, currency, everyone=everyone, after=after)
        if as_csv:
            _export.as_csv(found)
        elif as_json_lines:
            show_json_lines(line.to_map() for line in found)
        elif as_json:
            show_json([line.to_map() for line in found])
        else:
            title = "all accounts" if everyone else f"account {number}, {here.account(number).currency}"
            show(_show.statement_table(list(found), title))


def explain(
    what: Annotated[
        str,
        typer.Argument(
            help="A Call-ID, a hold, a reference, or an entry: ACCOUNT/NUMBER.", metavar="CALL-ID|ENTRY"
        ),
    ],
    number: Annotated[
        str, typer.Option("--of", help="The account; default: search all.", metavar="ACCOUNT")
    ] = "",
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Explain a charge: legs, seconds, rate, increments and sum."""
    with books(stage, tenant) as here:
        if number:
            here.account(number)
        found = _explain.find(here.ledger, here.kazoo_account_id, what, number)
        if not found:
            where = f"account {number}" if number else "any account"
            raise UserError(
                f"nothing of {what!r} is in the books of {where}; a Call-ID is given as KAZOO has it"
            )
        if as_json:
            show_json([each.to_map() for each in found])
        else:
            show("\n\n".join(str(each) for each in found))


def show_revenue(
    by: Annotated[str, typer.Option(help="day, destination, account, or several with commas.")] = "day",
    since: Since = "",
    until: Until = "",
    currency: Currency = "",
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Sum the charges of calls by day, destination or account, separately for each currency."""
    with books(stage, tenant) as here:
        keys = _keys(by)
        groups = revenue(_lines(here, "", since, until, currency, everyone=True), keys)
        if as_csv:
            rows = [to_map(group, keys) for group in groups]
            show_csv((*keys, "currency", "calls", "seconds", "billed_seconds", "revenue_micros"), rows)
        elif as_json:
            sums = [to_map(total, ()) for total in totals(groups)]
            show_json({"groups": [to_map(group, keys) for group in groups], "totals": sums})
        else:
            show(_show.revenue_table(groups, totals(groups), keys))


def _keys(by: str) -> tuple[Key, ...]:
    names = tuple(name.strip() for name in by.split(","))
    known = {key: key for key in KEYS}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"--by {unknown[0]!r}: use {', '.join(KEYS)}, or several of them with commas")
    return tuple(known[name] for name in dict.fromkeys(names))  # type: ignore[index]


def _lines(
    here: Books,
    number: str,
    since: str,
    until: str,
    currency: str,
    *,
    everyone: bool,
    after: int = 0,
) -> list[Line]:
    if bool(number) is everyone:
        raise UsageError("name an account, or --all")
    begin, end = instant(since) if since else 0, instant(until) if until else 0
    if end and end <= begin:
        raise UsageError(f"--until {until} is not after --since {since}")
    accounts = (
        sorted(here.ledger.all_accounts(here.kazoo_account_id), key=lambda each: each.account_id)
        if everyone
        else [here.account(number)]
    )
    chosen = [account for account in accounts if currency in {"", account.currency}]
    return [line for line in lines(here.ledger, chosen, begin, end) if line.entry.number > after]
