"""The sub-commands of `pivot accounts`."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from pivot_app.ledger import Account, Controls, Entry, HeldMoneyError, Settlement
from pivotctl.accounts import _csv, _show, lockout, notices, price, rates, reports, unresolved
from pivotctl.accounts._books import Number, books, check_deny_lists, check_plan
from pivotctl.accounts._console import progress, show_json
from pivotctl.accounts._console import show as echo
from pivotctl.accounts._money import micros, plain
from pivotctl.deployment import LOCAL
from pivotctl.errors import UsageError, UserError
from pivotctl.options import AsJson, KazooAccount, Stage

app = typer.Typer(
    help="Prepaid accounts: money, limits, statements.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Reference = Annotated[str, typer.Option(help="Your unique reference; a repeat books nothing.")]
Amount = Annotated[str, typer.Argument(help="Such as 12.50.")]
Money = Annotated[str | None, typer.Option(help="Such as 12.50.")]


@app.command()
def create(
    number: Number,
    currency: Annotated[str, typer.Option(help="ISO 4217, such as USD.")] = "USD",
    balance: Annotated[str, typer.Option(help="The opening balance.")] = "0",
    credit_limit: Annotated[str, typer.Option(help="How far the balance may go below zero.")] = "0",
    plan: Annotated[str, typer.Option(help="The plan that sets its rates.")] = "",
    name: Annotated[str, typer.Option(help="The customer's name, which callers hear.")] = "",
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Open an account."""
    with books(stage, tenant) as here:
        account = Account(
            here.kazoo_account_id,
            number,
            currency,
            credit_limit_micros=micros(credit_limit),
            plan=plan,
            profile={"name": name} if name else {},
        )
        check_plan(here.ledger, account)
        here.ledger.create(account, opening_micros=micros(balance), at=here.at)
        echo(f"account {number} is open with {plain(micros(balance))} {currency}")


@app.command()
def show(number: Number, as_json: AsJson = False, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """Show an account: its money and its limits."""
    with books(stage, tenant) as here:
        _show_account(here.account(number), as_json=as_json, now=here.now)


@app.command("list")
def list_accounts(as_json: AsJson = False, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """List the accounts of a KAZOO account, with their money."""
    with books(stage, tenant) as here:
        found = sorted(here.ledger.all_accounts(here.kazoo_account_id), key=lambda each: each.account_id)
        if as_json:
            show_json([_show.account_facts(account, here.now) for account in found])
        else:
            echo(_show.accounts_table(found, here.now))


@app.command("top-up")
def top_up(
    number: Number,
    amount: Amount,
    reference: Reference,
    note: str = "",
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Credit an account. A reference is booked only once."""
    with books(stage, tenant) as here:
        entry = here.ledger.top_up(
            here.kazoo_account_id, number, micros(amount), reference=reference, now=here.now, note=note
        )
        _show_entry(entry, as_json=as_json)


@app.command(context_settings={"ignore_unknown_options": True})
def adjust(
    number: Number,
    amount: Amount,
    reference: Reference,
    note: Annotated[str, typer.Option(help="The reason, shown on the statement.")],
    force: Annotated[bool, typer.Option("--force", help="Also take money that live calls hold.")] = False,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Correct a balance, up or down. A reference is booked only once."""
    with books(stage, tenant) as here:
        try:
            entry = here.ledger.adjust(
                here.kazoo_account_id,
                number,
                micros(amount),
                reference=reference,
                now=here.now,
                note=note,
                may_take_held=force,
            )
        except HeldMoneyError:
            held = plain(here.account(number).held_micros)
            raise UserError(
                f"live calls of account {number} hold {held}, and {amount} would take of it; adjust less, "
                "wait until they have ended, or --force"
            ) from None
        _show_entry(entry, as_json=as_json)


@app.command("set")
def configure(
    number: Number,
    plan: str | None = None,
    credit_limit: Money = None,
    max_live_calls: Annotated[int | None, typer.Option(help="Simultaneous calls, 1 to 100.")] = None,
    max_call_seconds: Annotated[int | None, typer.Option(help="The longest call.")] = None,
    hold_seconds: Annotated[
        str | None,
        typer.Option(help="Seconds held at first if calls are extended; `none` for the longest call."),
    ] = None,
    max_hour: Annotated[str | None, typer.Option(help="The limit for an hour; `none` for no limit.")] = None,
    max_day: Annotated[str | None, typer.Option(help="The limit for a day; `none` for no limit.")] = None,
    countries: Annotated[str | None, typer.Option(help="Allowed countries, such as US,CA, or `any`.")] = None,
    deny: Annotated[str | None, typer.Option(help="Denied prefixes, such as 1900,4487, or `none`.")] = None,
    deny_lists: Annotated[str | None, typer.Option(help="Names of deny lists, or `none`.")] = None,
    low_balance: Annotated[
        str | None, typer.Option(help="Send a notice below this balance; `none` for no notice.")
    ] = None,
    auto_top_up: Annotated[
        str | None, typer.Option(help="The largest top-up that a notice may return; `none` for no top-up.")
    ] = None,
    unresolved_policy: Annotated[
        str | None,
        typer.Option(
            "--unresolved", help="For a call without an end: keep the hold, void it, or charge what is held."
        ),
    ] = None,
    unresolved_hours: Annotated[
        int | None, typer.Option(help="Hours after the call should have ended.")
    ] = None,
    blocked: Annotated[
        bool | None,
        typer.Option("--block/--unblock", help="Refuse every call of the account, or allow calls again."),
    ] = None,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Change plan, credit limit and fraud controls, from the next call on."""
    changes: dict[str, object] = {
        name: value
        for name, value in {
            "max_live_calls": max_live_calls,
            "max_call_seconds": max_call_seconds,
            "unresolved_policy": unresolved_policy,
            "unresolved_hours": unresolved_hours,
            "blocked": blocked,
        }.items()
        if value is not None
    }
    with books(stage, tenant) as here:
        for name, text in (
            ("max_hour_micros", max_hour),
            ("max_day_micros", max_day),
            ("low_balance_micros", low_balance),
            ("auto_top_up_micros", auto_top_up),
        ):
            if text is not None:
                changes[name] = None if text == "none" else micros(text)
        if hold_seconds is not None:
            changes["hold_seconds"] = (
                None if hold_seconds == "none" else _whole("--hold-seconds", hold_seconds)
            )
        for name, text in (("allowed_countries", countries), ("denied_prefixes", deny)):
            if text is not None:
                changes[name] = () if text in {"any", "none"} else _listed(text)
        if deny_lists is not None:
            names = () if deny_lists == "none" else tuple(each.strip() for each in deny_lists.split(","))
            changes["deny_lists"] = names
        limit_micros = None if credit_limit is None else micros(credit_limit)

        def change(account: Account) -> Account:
            controls: Controls = replace(account.controls, **changes)  # type: ignore[arg-type]
            changed = replace(
                account,
                controls=controls,
                credit_limit_micros=account.credit_limit_micros if limit_micros is None else limit_micros,
                plan=account.plan if plan is None else plan,
            )
            if plan is not None:
                check_plan(here.ledger, changed)
            if deny_lists is not None:
                check_deny_lists(here.ledger, changed)
            return changed

        account = here.ledger.configure(here.kazoo_account_id, number, change)
        _show_account(account, as_json=as_json, now=here.now)


@app.command()
def holds(number: Number, as_json: AsJson = False, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """List the live calls of an account and the money they hold."""
    with books(stage, tenant) as here:
        account = here.account(number)
        if as_json:
            show_json([_show.hold_facts(hold) for hold in account.holds.values()])
        else:
            echo(_show.holds_table(account, here.now))


@app.command()
def unmatched(as_json: AsJson = False, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """List the events of calls that could not be booked, and why."""
    with books(stage, tenant) as here:
        problems = Settlement(here.ledger).legs.problems(here.kazoo_account_id)
        if as_json:
            show_json([asdict(problem) for problem in problems])
            return
        for problem in problems:
            hold = f", hold {problem.hold_id}" if problem.hold_id else ""
            echo(f"{problem.call_id}: {problem.kind}, {problem.seconds} s{hold}: {problem.reason}")


@app.command()
def reconcile(
    number: Annotated[str | None, typer.Argument(help="One account; default: all.")] = None,
    as_json: AsJson = False,
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Check that entries and balances agree; print differences and exit with status 1."""
    with books(stage, tenant) as here:
        ledger, where = here.ledger, here.kazoo_account_id
        numbers = [number] if number else [one.account_id for one in ledger.all_accounts(where)]
        wrong: list[dict[str, Any]] = []
        for one in progress(numbers, "reconciling"):
            wrong += ({"account": one, "problem": problem} for problem in ledger.reconcile(where, one))
        if as_json:
            show_json({"accounts": len(numbers), "discrepancies": wrong})
        else:
            for each in wrong:
                typer.secho(f"account {each['account']}: {each['problem']}", fg="red")
            echo(f"{len(numbers)} accounts, {len(wrong)} discrepancies")
        if wrong:
            raise typer.Exit(1)


@app.command("import")
def import_accounts(
    path: Annotated[Path, typer.Argument(help="A CSV file.", metavar="FILE")],
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
) -> None:
    """Open the accounts of a CSV file. Run an interrupted import again."""
    with books(stage, tenant) as here:
        accounts = _csv.read_accounts(path, here.kazoo_account_id)
        _check_plans(here.ledger, accounts)
        loading = _csv.load_accounts(here.ledger, accounts, here.at)
        shown = progress(loading, "importing", total=len(accounts))
        problems = [problem for problem in shown if problem]
        echo(f"{len(accounts) - len(problems)} of {len(accounts)} accounts are there as the file says")
        if problems:
            raise _csv.CsvError(problems)


app.command("statement")(reports.statement)
app.command("explain")(reports.explain)
app.command("revenue")(reports.show_revenue)
app.command("import-rates")(rates.import_rates)
app.command("roll-back-rates")(rates.roll_back_rates)
app.command("plans")(rates.plans)
app.command("plan")(rates.plan)
app.command("own-rates")(rates.own_rates)
app.command("price")(price.price)
app.command("import-deny-list")(rates.import_deny_list)
app.command("deny-lists")(rates.deny_lists)
app.command("notices")(notices.notices)
app.command("unresolved")(unresolved.unresolved)
app.command("resolve")(unresolved.resolve)
app.command("import-cdrs")(unresolved.import_cdrs)
app.command("unlock")(lockout.unlock)


def _check_plans(ledger: Any, accounts: list[_csv.NewAccount]) -> None:
    problems = []
    for new in accounts:
        try:
            check_plan(ledger, new.account)
        except UserError as error:
            problems.append(f"line {new.line}: {error}")
    if problems:
        raise _csv.CsvError(problems)


def _show_account(account: Account, *, as_json: bool, now: Any) -> None:
    if as_json:
        show_json(_show.account_facts(account, now))
    else:
        echo(_show.account_table(account, now))


def _show_entry(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        show_json(_show.entry_facts(entry))
    else:
        echo(f"{plain(entry.amount_micros)}, balance {plain(entry.balance_micros)}")


def _listed(text: str) -> tuple[str, ...]:
    """ "us, +1900" as ("US", "1900")."""
    return tuple(each.strip().removeprefix("+").upper() for each in text.split(","))


def _whole(option: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"{option} {text[:20]!r}: a whole number of seconds, or none")
    return int(text)
