"""`pivot tenant`, `pivot export` and `pivot restore`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from pivotctl.deployment import LOCAL, Deployment, Stage
from pivotctl.errors import UsageError
from pivotctl.kazoo_accounts import require_known
from pivotctl.options import AsJson, KazooAccount, kazoo_account_id
from pivotctl.tenant._archive import KEPT, PASSING, Archive, ArchiveError
from pivotctl.tokens import TenantAdmin

app = typer.Typer(help="KAZOO accounts: list, show, remove.", no_args_is_help=True)

Account = Annotated[
    str,
    typer.Argument(
        metavar="ACCOUNT_ID", help="The KAZOO Account-ID: 32 hex characters.", callback=kazoo_account_id
    ),
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines; compressed if the name ends in .gz.")]


@app.command("list")
def list_tenants(stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """List the registered KAZOO accounts and their settings."""
    admin = TenantAdmin.of(Deployment.find(stage))
    rows = [_row(admin, item.account_id, item.settings) for item in admin.tenants()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        tokens = ", ".join(f"{token['scope']} {token['id']}" for token in row["tokens"]) or "no token"
        typer.echo(f"{row['kazoo_account']}  {tokens}  {json.dumps(row['settings'], ensure_ascii=False)}")


@app.command()
def show(account_id: Account, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Show a KAZOO account: settings, live tokens, and the amount of its data."""
    deployment = Deployment.find(stage)
    admin = TenantAdmin.of(deployment)
    settings = admin.settings(account_id)
    if settings is None:
        raise ArchiveError(
            f"KAZOO account {account_id} is unknown: `pivot tenant list` shows those there are"
        )
    archive = Archive(deployment)
    kept = Counter(table for table, _ in archive.items(account_id, (*KEPT, *PASSING)))
    row = _row(admin, account_id, settings) | {
        "items": dict(kept),
        "parameters": [name for name, _ in archive.parameters(account_id)],
    }
    if as_json:
        typer.echo(json.dumps(row, indent=2, ensure_ascii=False))
        return
    typer.echo(f"KAZOO account {account_id}")
    for name, value in sorted(settings.items()):
        typer.echo(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    for token in row["tokens"]:
        typer.echo(f"  token {token['id']} for {token['scope']}, of {token['created']}")
    for name, count in kept.items():
        typer.echo(f"  {count} items in {name}")
    for name in row["parameters"]:
        typer.echo(f"  secret {name}")


@app.command()
def remove(
    account_id: Account,
    stage: Stage = LOCAL,
    export_to: Annotated[
        Path | None, typer.Option("--export", help="Export its data to this file first.")
    ] = None,
    confirm: Annotated[str, typer.Option(help="The Account-ID again.")] = "",
) -> None:
    """Remove a KAZOO account with all its data: accounts, money, callers, documents, tokens."""
    deployment = Deployment.find(stage)
    archive = Archive(deployment)
    kept = Counter(table for table, _ in archive.items(account_id, (*KEPT, *PASSING)))
    if not kept:
        raise ArchiveError(f"nothing is kept of KAZOO account {account_id}")
    if confirm != account_id:
        raise UsageError(f"{_told(kept)} would be deleted: --confirm {account_id} deletes them")
    if export_to:
        archive.export(export_to, account_id, with_keys=True)
        typer.echo(f"written to {export_to}; it holds secrets")
    typer.echo(f"deleted: {_told(archive.remove(account_id))}")


def export(
    file: File,
    stage: Stage = LOCAL,
    account_id: KazooAccount = "",
    with_keys: Annotated[
        bool,
        typer.Option(
            "--with-keys", help="Include keys and secrets, so that old tokens work after a restore."
        ),
    ] = False,
) -> None:
    """Write all data of a stage, or of one KAZOO account, to a file."""
    deployment = Deployment.find(stage)
    if account_id:
        require_known(deployment.client, deployment.output("TenantsTable"), account_id, stage)
    counts = Archive(deployment).export(file, account_id, with_keys=with_keys)
    typer.echo(f"{file}: {_told(counts)}")


def restore(
    file: File,
    stage: Stage = LOCAL,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Delete existing data first.")] = False,
) -> None:
    """Restore an export into a stage."""
    counts = Archive(Deployment.find(stage)).restore(file, overwrite=overwrite)
    typer.echo(f"restored: {_told(counts)}")


def _row(admin: TenantAdmin, account_id: str, settings: Any) -> dict[str, Any]:
    tokens = [
        {"id": token.id, "scope": token.scope, "created": token.created} for token in admin.live(account_id)
    ]
    return {"kazoo_account": account_id, "settings": dict(settings), "tokens": tokens}


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} in {name}" for name, count in sorted(counts.items())) or "nothing"
