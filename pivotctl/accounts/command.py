"""The sub-commands of `pivot accounts`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from pivot_app import aws
from pivot_app.aws import StoreUnavailableError
from pivot_app.ledger import (
    Account,
    AccountNotFoundError,
    Controls,
    DynamoDBLedger,
    Entry,
    LedgerError,
    Settlement,
)
from pivotctl.accounts import _csv, _show
from pivotctl.accounts._money import micros, plain
from pivotctl.deployment import LOCAL, Deployment, DeploymentError, Stage
from pivotctl.options import KazooAccount

app = typer.Typer(
    help="Prepaid accounts: money, limits, statements.", no_args_is_help=True, add_completion=False
)
console = Console()

Number = Annotated[str, typer.Argument(help="The account's number: 1 to 20 digits.", metavar="ACCOUNT")]
Tenant = KazooAccount
Reference = Annotated[str, typer.Option(help="Yours, unique: the same one again posts nothing.")]
Amount = Annotated[str, typer.Argument(help="Such as 12.50.")]
Money = Annotated[str | None, typer.Option(help="Such as 12.50.")]


@contextmanager
def _books(stage: str, tenant: str) -> Iterator[tuple[DynamoDBLedger, str]]:
    """The ledger of a stage, or of the table ACCOUNTS_TABLE names; and the KAZOO account, locally the demo's.

    What an operator can act on becomes one line and exit status 1.
    """
    try:
        table, dynamodb = os.environ.get("ACCOUNTS_TABLE", ""), aws.client("dynamodb")
        if not table:
            found = Deployment.find(stage)
            table, dynamodb = found.output("AccountsTable"), found.client("dynamodb")
        if not tenant and stage == LOCAL:
            from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT

            tenant = KAZOO_ACCOUNT
        if not tenant:
            raise typer.BadParameter("name the KAZOO account", param_hint="--kazoo-account")
        yield DynamoDBLedger(dynamodb, table, budget_seconds=20), tenant
    except (LedgerError, StoreUnavailableError, DeploymentError, _csv.CsvError, ValueError) as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from None


def _find(ledger: DynamoDBLedger, tenant: str, number: str) -> Account:
    account = ledger.account(tenant, number)
    if account is None:
        raise AccountNotFoundError(tenant, number)
    return account


@app.command()
def create(
    number: Number,
    currency: Annotated[str, typer.Option(help="ISO 4217, such as USD.")] = "USD",
    balance: Annotated[str, typer.Option(help="What it begins with.")] = "0",
    credit_limit: Annotated[str, typer.Option(help="How far below zero it may go.")] = "0",
    plan: Annotated[str, typer.Option(help="The plan whose rates it pays.")] = "",
    name: Annotated[str, typer.Option(help="The customer's name, as it is spoken.")] = "",
    tenant: Tenant = "",
    stage: Stage = LOCAL,
) -> None:
    """Open an account."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        account = Account(
            kazoo_account_id,
            number,
            currency,
            credit_limit_micros=micros(credit_limit),
            plan=plan,
            profile={"name": name} if name else {},
        )
        _check_plan(ledger, account)
        ledger.create(account, opening_micros=micros(balance), at=_now())
        console.print(f"account {number} is open with {plain(micros(balance))} {currency}")


@app.command()
def show(number: Number, tenant: Tenant = "", stage: Stage = LOCAL) -> None:
    """Show an account: its money and its limits."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        console.print(_show.account_table(_find(ledger, kazoo_account_id, number), datetime.now(UTC)))


@app.command("top-up")
def top_up(
    number: Number,
    amount: Amount,
    reference: Reference,
    note: str = "",
    tenant: Tenant = "",
    stage: Stage = LOCAL,
) -> None:
    """Credit an account, once by the reference."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        now = datetime.now(UTC)
        entry = ledger.top_up(
            kazoo_account_id, number, micros(amount), reference=reference, now=now, note=note
        )
        console.print(
            f"entry {entry.number}: {plain(entry.amount_micros)}, balance {plain(entry.balance_micros)}"
        )


@app.command(context_settings={"ignore_unknown_options": True})
def adjust(
    number: Number,
    amount: Amount,
    reference: Reference,
    note: Annotated[str, typer.Option(help="Why; it is on the statement.")],
    tenant: Tenant = "",
    stage: Stage = LOCAL,
) -> None:
    """Correct a balance, up or down, once by the reference."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        now = datetime.now(UTC)
        entry = ledger.adjust(
            kazoo_account_id, number, micros(amount), reference=reference, now=now, note=note
        )
        console.print(
            f"entry {entry.number}: {plain(entry.amount_micros)}, balance {plain(entry.balance_micros)}"
        )


@app.command("set")
def configure(
    number: Number,
    plan: str | None = None,
    credit_limit: Money = None,
    max_live_calls: Annotated[int | None, typer.Option(help="Calls at once, 1 to 100.")] = None,
    max_call_seconds: Annotated[int | None, typer.Option(help="The longest call.")] = None,
    hold_seconds: Annotated[
        str | None, typer.Option(help="Held at first, where calls are extended; `none` for the longest call.")
    ] = None,
    max_hour: Annotated[str | None, typer.Option(help="Spend an hour; `none` for any.")] = None,
    max_day: Annotated[str | None, typer.Option(help="Spend a day; `none` for any.")] = None,
    countries: Annotated[str | None, typer.Option(help="Allowed ones, such as US,CA; `any`.")] = None,
    deny: Annotated[str | None, typer.Option(help="Denied prefixes, such as 1900,4487; `none`.")] = None,
    blocked: Annotated[bool | None, typer.Option("--block/--unblock", help="The kill switch.")] = None,
    tenant: Tenant = "",
    stage: Stage = LOCAL,
) -> None:
    """Change plan, credit limit and fraud controls; every call from now on follows them."""
    changes: dict[str, object] = {
        name: value
        for name, value in {
            "max_live_calls": max_live_calls,
            "max_call_seconds": max_call_seconds,
            "blocked": blocked,
        }.items()
        if value is not None
    }
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        for name, text in (("max_hour_micros", max_hour), ("max_day_micros", max_day)):
            if text is not None:
                changes[name] = None if text == "none" else micros(text)
        if hold_seconds is not None:
            changes["hold_seconds"] = None if hold_seconds == "none" else int(hold_seconds)
        for name, text in (("allowed_countries", countries), ("denied_prefixes", deny)):
            if text is not None:
                changes[name] = () if text in {"any", "none"} else _listed(text)

        def change(account: Account) -> Account:
            controls: Controls = replace(account.controls, **changes)  # type: ignore[arg-type]
            limit = account.credit_limit_micros if credit_limit is None else micros(credit_limit)
            chosen = account.plan if plan is None else plan
            changed = replace(account, controls=controls, credit_limit_micros=limit, plan=chosen)
            if plan is not None:
                _check_plan(ledger, changed)
            return changed

        account = ledger.configure(kazoo_account_id, number, change)
        console.print(_show.account_table(account, datetime.now(UTC)))


@app.command()
def statement(
    number: Number,
    after: Annotated[int, typer.Option(help="Only entries numbered above this.")] = 0,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV, money in micro-units.")] = False,
    tenant: Tenant = "",
    stage: Stage = LOCAL,
) -> None:
    """Print the entries of an account, with the balance after each."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        account = _find(ledger, kazoo_account_id, number)
        entries = ledger.entries(kazoo_account_id, number, after=after)
        if as_csv:
            _show.write_csv(entries, sys.stdout)
        else:
            console.print(_show.statement_table(account, entries))


@app.command()
def holds(number: Number, tenant: Tenant = "", stage: Stage = LOCAL) -> None:
    """List the live calls an account's money is set aside for."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        console.print(_show.holds_table(_find(ledger, kazoo_account_id, number), datetime.now(UTC)))


@app.command()
def unmatched(tenant: Tenant = "", stage: Stage = LOCAL) -> None:
    """List the ends of calls that named a hold nobody has."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        for leg in Settlement(ledger).unmatched(kazoo_account_id):
            console.print(f"{leg.call_id}: {leg.billing_seconds} s, hold {leg.hold_id}", highlight=False)


@app.command()
def reconcile(
    number: Annotated[str | None, typer.Argument(help="One account; all of them if none.")] = None,
    tenant: Tenant = "",
    stage: Stage = LOCAL,
) -> None:
    """Prove that entries and balances agree; print any that do not, and exit with status 1."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        numbers = [number] if number else [one.account_id for one in ledger.all_accounts(kazoo_account_id)]
        wrong = 0
        for one in track(numbers, "reconciling", console=Console(stderr=True), transient=True):
            for problem in ledger.reconcile(kazoo_account_id, one):
                console.print(f"account {one}: {problem}", style="red", highlight=False)
                wrong += 1
        console.print(f"{len(numbers)} accounts, {wrong} discrepancies")
        if wrong:
            raise typer.Exit(1)


@app.command("import")
def import_accounts(path: Path, tenant: Tenant = "", stage: Stage = LOCAL) -> None:
    """Open the accounts of a CSV file; one that was broken off is simply run again."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        accounts = _csv.read_accounts(path, kazoo_account_id)
        _check_plans(ledger, accounts)
        loading = _csv.load_accounts(ledger, accounts, _now())
        shown = track(loading, "importing", total=len(accounts), console=Console(stderr=True))
        problems = [problem for problem in shown if problem]
        console.print(f"{len(accounts) - len(problems)} of {len(accounts)} accounts are there")
        if problems:
            raise _csv.CsvError(problems)


@app.command("import-rates")
def import_rates(
    plan: str,
    path: Path,
    currency: Annotated[str, typer.Option(help="ISO 4217, such as USD.")] = "USD",
    tenant: Tenant = "",
    stage: Stage = LOCAL,
) -> None:
    """Make the rates of a CSV file a plan's: all of them at once, or none."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        rates = _csv.read_rates(path)
        with console.status(f"publishing {len(rates)} rates"):
            version = ledger.plans.publish(kazoo_account_id, plan, currency, rates)
        console.print(f"plan {plan}: {len(rates)} rates, version {version}")


@app.command("own-rates")
def own_rates(number: Number, path: Path, tenant: Tenant = "", stage: Stage = LOCAL) -> None:
    """Make the rates of a CSV file an account's own, before those of its plan; none of an empty one."""
    with _books(stage, tenant) as (ledger, kazoo_account_id):
        rates = tuple(_csv.read_rates(path))
        ledger.configure(kazoo_account_id, number, lambda account: replace(account, rates=rates))
        console.print(f"account {number} has {len(rates)} rates of its own")


def _check_plans(ledger: DynamoDBLedger, accounts: list[_csv.NewAccount]) -> None:
    problems = []
    for new in accounts:
        try:
            _check_plan(ledger, new.account)
        except ValueError as error:
            problems.append(f"line {new.line}: {error}")
    if problems:
        raise _csv.CsvError(problems)


def _check_plan(ledger: DynamoDBLedger, account: Account) -> None:
    """Refuse a plan that prices none of the account's calls, before every one of them is refused."""
    if not account.plan:
        return
    rates = ledger.plans.rates(account.kazoo_account_id, account.plan)
    if rates is None:
        raise ValueError(f"plan {account.plan} is not there: `pivot accounts import-rates` makes it")
    if rates.currency != account.currency:
        raise ValueError(f"plan {account.plan} is in {rates.currency}, the account in {account.currency}")


def _listed(text: str) -> tuple[str, ...]:
    """ "us, +1900" as ("US", "1900")."""
    return tuple(each.strip().removeprefix("+").upper() for each in text.split(","))


def _say(entry: Entry) -> None:
    amount, balance = plain(entry.amount_micros), plain(entry.balance_micros)
    console.print(f"entry {entry.number}: {amount}, balance {balance}", highlight=False)


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
