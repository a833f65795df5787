"""The commands of rates, plans and deny lists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pivot_app.ledger import RateTable, Version
from pivotctl.accounts import _csv
from pivotctl.accounts._books import Number, books
from pivotctl.accounts._console import show, show_csv, show_json
from pivotctl.accounts._rate_changes import RateChanges, compare
from pivotctl.accounts._times import moment
from pivotctl.deployment import LOCAL
from pivotctl.errors import UsageError
from pivotctl.options import AsJson, KazooAccount, Stage

SHOWN_CHANGES = 40
Plan = Annotated[str, typer.Argument(help="The plan's name.", metavar="PLAN")]
File = Annotated[Path, typer.Argument(help="A CSV file.", metavar="FILE")]
Name = Annotated[str, typer.Argument(help="The list's name.", metavar="LIST")]


def import_rates(
    plan: Plan,
    path: File,
    currency: Annotated[
        str | None, typer.Option(help="ISO 4217; default: the plan's currency, USD for a new plan.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
    change_currency: Annotated[
        bool, typer.Option("--change-currency", help="Allow a change of the plan's currency.")
    ] = False,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Replace a plan's rates with those of a CSV file, all at once or not at all."""
    with books(stage, tenant) as here:
        rates = _csv.read_rates(path)
        plans, where = here.ledger.plans, here.kazoo_account_id
        head = plans.head(where, plan)
        asked = currency or (head.currency if head else "USD")
        live = plans.version(where, plan) if head else RateTable((), currency=asked)
        if head and head.currency != asked and not change_currency:
            # A dry run says it too: it is the first thing to know about this file.
            plans.check_currency(head, asked)
        changes = compare(live, rates)
        if not dry_run:
            version = plans.publish(
                where, plan, asked, rates, at=here.at, note=path.name[:80], change_currency=change_currency
            )
        if as_json:
            show_json(
                {
                    "plan": plan,
                    "currency": asked,
                    "rates": len(rates),
                    "version": None if dry_run else version,
                    "live_version": head.version if head else None,
                    "same": changes.same,
                    "changes": [change.to_map() for change in changes.changes],
                }
            )
        elif dry_run:
            _show_changes(changes)
            show(f"plan {plan}, {asked}: {len(rates)} rates, {changes}; nothing was changed")
        else:
            show(f"plan {plan}, {asked}: {len(rates)} rates, version {version} ({changes})")


def roll_back_rates(
    plan: Plan,
    version: Annotated[int, typer.Argument(help="The version to publish again.")],
    change_currency: Annotated[
        bool, typer.Option("--change-currency", help="Allow a change to that version's currency.")
    ] = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Publish an earlier version of a plan's rates again, as a new version."""
    with books(stage, tenant) as here:
        plans, where = here.ledger.plans, here.kazoo_account_id
        changes = compare(plans.version(where, plan), plans.version(where, plan, version))
        new = plans.roll_back(where, plan, version, at=here.at, change_currency=change_currency)
        show(f"plan {plan}: version {new} is version {version} again ({changes})")


def plans(as_json: AsJson = False, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """List the plans."""
    with books(stage, tenant) as here:
        _show_versions("plans", here.ledger.plans.names(here.kazoo_account_id), as_json=as_json)


def plan(
    name: Plan,
    version: Annotated[int | None, typer.Option(help="A version; default: the live one.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the rates as CSV for import-rates.")] = False,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Show a plan's versions, or with --csv or --json its rates."""
    with books(stage, tenant) as here:
        rates = here.ledger.plans.version(here.kazoo_account_id, name, version)
        if as_csv:
            show_csv(_csv.RATE_COLUMNS, map(_csv.rate_row, rates))
        elif as_json:
            history = [_described(each) for each in here.ledger.plans.history(here.kazoo_account_id, name)]
            shown = {"plan": name, "currency": rates.currency, "version": rates.version}
            show_json({**shown, "versions": history, "rates": [_csv.rate_row(rate) for rate in rates]})
        else:
            title = f"plan {name}: version {rates.version} counts"
            _show_versions(title, here.ledger.plans.history(here.kazoo_account_id, name), as_json=False)


def own_rates(
    number: Number,
    path: Annotated[Path | None, typer.Argument(help="A CSV file.", metavar="FILE")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove the account's own rates.")] = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Set an account's own rates from a CSV file; they take precedence over its plan's."""
    with books(stage, tenant) as here:
        if (path is None) is not clear:
            raise UsageError("name a CSV file of rates, or --clear for none")
        rates = tuple(_csv.read_rates(path)) if path else ()
        here.ledger.configure(here.kazoo_account_id, number, lambda account: replace(account, rates=rates))
        show(f"account {number} has {len(rates)} rates of its own")


def import_deny_list(name: Name, path: File, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """Create or replace a deny list from a CSV file; any number of accounts can use it."""
    with books(stage, tenant) as here:
        prefixes = _csv.read_prefixes(path)
        version = here.ledger.deny_lists.publish(
            here.kazoo_account_id, name, prefixes, at=here.at, note=path.name[:80]
        )
        show(f"deny list {name}: {len(set(prefixes))} prefixes, version {version}")


def deny_lists(as_json: AsJson = False, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """List the deny lists."""
    with books(stage, tenant) as here:
        _show_versions("deny lists", here.ledger.deny_lists.names(here.kazoo_account_id), as_json=as_json)


def _show_changes(changes: RateChanges) -> None:
    if not changes.changes:
        return
    table = Table("prefix", "what", "a minute", "fee", "increments", "valid from", "until")
    for change in changes.changes[:SHOWN_CHANGES]:
        pairs = [_csv.rate_row(rate) if rate else None for rate in (change.before, change.after)]
        before, after = pairs
        one = after or before or {}

        def cell(*names: str, before: object = before, after: object = after) -> str:
            texts = ["/".join(str(row[name]) for name in names) for row in (before, after) if row]  # type: ignore[index]
            return texts[0] if len(set(texts)) == 1 else " -> ".join(texts)

        table.add_row(
            escape(str(one["prefix"])),
            change.kind,
            cell("per_minute"),
            cell("connection_fee"),
            cell("first_increment", "next_increment"),
            str(one["valid_from"]),
            str(one["valid_until"]),
        )
    show(table)
    if (more := len(changes.changes) - SHOWN_CHANGES) > 0:
        show(f"and {more} more; --json has them all")


def _show_versions(title: str, versions: list[Version], *, as_json: bool) -> None:
    if as_json:
        show_json([_described(each) for each in versions])
        return
    table = Table(
        *("name", "version", "rows", "currency", "published (UTC)", "from"), title=title, title_justify="left"
    )
    for each in versions:
        table.add_row(
            escape(each.name),
            str(each.version),
            str(each.rows),
            each.currency,
            moment(each.at) if each.at else "",
            escape(each.note),
        )
    show(table)


def _described(version: Version) -> dict[str, object]:
    return {name: getattr(version, name) for name in ("name", "version", "rows", "currency", "at", "note")}
