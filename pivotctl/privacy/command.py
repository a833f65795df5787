"""`pivot privacy`: what is stored of one caller, and its end."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from pivot_app import aws
from pivotctl.deployment import LOCAL, Deployment
from pivotctl.errors import UsageError, user_errors
from pivotctl.kazoo_accounts import require_known
from pivotctl.options import AsJson, KazooAccount, Stage, Yes
from pivotctl.privacy._person import Person, person
from pivotctl.privacy._records import Record, Tables, erase, find

app = typer.Typer(
    help="One caller's data: export it, erase it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Who = Annotated[
    str, typer.Argument(help="A number such as +14155550100, or the id of a KAZOO user.", metavar="NUMBER")
]
Region = Annotated[str, typer.Option(help="The country of a national number.")]

TABLES = {
    "CALLERS_TABLE": "CallersTable",
    "ACCOUNTS_TABLE": "AccountsTable",
    "CALL_STATE_TABLE": "CallStateTable",
    "EXCHANGES_TABLE": "ExchangesTable",
    "DOCUMENTS_TABLE": "DocumentsTable",
}
"""Variables that name the tables, and the outputs of the stack that do."""
STAYS = {
    "documents": "Documents name the caller; take it out of the file and push it, older versions are kept:",
    "accounts": "References and Call-IDs name the caller; they are keys, which cannot change:",
}
OUT_OF_REACH = (
    "logs in CloudWatch: numbers are masked there; they end after LogRetentionDays (90 by default)",
    "queues: events hold no names, but signed ones not yet checked do; they end after 14 days",
    "backups: point-in-time recovery of the tables goes back 35 days; erase again after a restore",
    "KAZOO: its CDRs, recordings, voicemail and debug store are KAZOO's own",
    "systems that `notify`, a look-up or a balance source told: ask there",
    "files on people's machines: exports, saved calls, documents",
)


@app.command("export")
def export_caller(
    who: Who,
    output: Annotated[Path | None, typer.Option(help="A file instead of the terminal.")] = None,
    region: Region = "US",
    tenant: KazooAccount = "",
    stage: Stage = LOCAL,
    as_json: AsJson = True,  # noqa: ARG001 - it is JSON in any case
) -> None:
    """Print, as JSON, all data about one caller, and the places that were not searched."""
    with user_errors():
        tables, kazoo_account_id = _tables(stage, tenant)
        wanted = person(who, region)
        document = {
            "caller": wanted.key,
            "kazoo_account_id": kazoo_account_id,
            "records": [record.as_json() for record in find(tables, kazoo_account_id, wanted)],
            "not_looked_at": list(OUT_OF_REACH),
        }
        text = json.dumps(document, indent=2, ensure_ascii=False, default=str)
        if output is None:
            typer.echo(text)
        else:
            output.write_text(text + "\n", encoding="utf-8")
            typer.echo(f"{len(document['records'])} records in {output}")


@app.command("erase")
def erase_caller(
    who: Who, yes: Yes = False, region: Region = "US", tenant: KazooAccount = "", stage: Stage = LOCAL
) -> None:
    """Remove one caller from every table. Statements keep amounts and times, without the number."""
    with user_errors():
        tables, kazoo_account_id = _tables(stage, tenant)
        wanted = person(who, region)
        records = list(find(tables, kazoo_account_id, wanted))
        _list(records)
        if any(record.way != "report" for record in records):
            if not yes and not typer.confirm("Erase this? It cannot be undone."):
                raise typer.Exit(1)
            _erase(tables, records, wanted)
        _say_what_stays(records)


def _erase(tables: Tables, records: list[Record], wanted: Person) -> None:
    done = Counter[str]()
    for record, is_gone in erase(tables, iter(records), wanted):
        if record.way != "report":
            done["erased" if is_gone else "changed meanwhile"] += 1
    typer.echo(f"{done['erased']} records erased")
    if done["changed meanwhile"]:
        typer.echo(f"{done['changed meanwhile']} changed meanwhile: run the same command again")


def _list(records: list[Record]) -> None:
    counts = Counter((record.table, record.way, record.is_sure) for record in records)
    words = {"delete": "deleted", "strip": "stripped of the number", "report": "left: see below"}
    for (table, way, is_sure), count in sorted(counts.items()):
        unsure = "" if is_sure else " (their masked number may be this one)"
        typer.echo(f"{table:12} {count:5}  {words[way]}{unsure}")
    if not records:
        typer.echo("the tables hold nothing of this caller")


def _say_what_stays(records: list[Record]) -> None:
    for table, advice in STAYS.items():
        kept = [record for record in records if record.way == "report" and record.table == table]
        if kept:
            typer.echo(advice)
        for place in sorted({_place(record) for record in kept}):
            typer.echo(f"  {place}")
    typer.echo("Out of reach:")
    for each in OUT_OF_REACH:
        typer.echo(f"  {each}")


def _place(record: Record) -> str:
    key = f"{record.content['pk']}".partition("#")[2]
    return f"{key} {record.content['sk']}".strip()


def _tables(stage: str, tenant: str) -> tuple[Tables, str]:
    if not tenant and stage == LOCAL:
        from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT

        tenant = KAZOO_ACCOUNT
    if not tenant:
        raise UsageError("name the KAZOO account: --kazoo-account, or PIVOT_KAZOO_ACCOUNT")
    given = [os.environ.get(variable, "") for variable in TABLES]
    if all(given):
        return Tables(aws.client("dynamodb"), *given), tenant
    found = Deployment.find(stage)
    require_known(found.client, found.output("TenantsTable"), tenant, stage)
    return Tables(found.client("dynamodb"), *map(found.output, TABLES.values())), tenant
