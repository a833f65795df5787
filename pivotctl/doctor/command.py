"""`pivot doctor`: the command."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from pivot_app.crossbar import Crossbar, CrossbarAccessError, parameter_name
from pivot_app.doctor import Doctor, Finding, LedgerMoney
from pivot_app.ledger import DynamoDBLedger
from pivot_app.live_debug import ExchangeStore
from pivotctl.deployment import LOCAL, Deployment, Stage, parameter_prefix
from pivotctl.errors import FAILED
from pivotctl.options import AsJson, kazoo_account_id
from pivotctl.provision._access import stored_access
from pivotctl.provision._tokens import Tokens
from pivotctl.provision.command import address_of
from pivotctl.tokens import TenantAdmin

SIGNS = {"ok": ("✓", "green"), "note": ("·", "dim"), "warning": ("!", "yellow"), "error": ("✗", "bold red")}


def doctor(
    account: Annotated[
        str,
        typer.Argument(
            metavar="KAZOO-ACCOUNT",
            help="The KAZOO Account-ID: 32 hex characters.",
            callback=kazoo_account_id,
        ),
    ],
    stage: Stage = LOCAL,
    fix: Annotated[
        bool, typer.Option("--fix", help="Re-enable our webhook if KAZOO disabled it after failures.")
    ] = False,
    url: Annotated[str, typer.Option(help="The address in voice_urls; default: the deployment's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Check a KAZOO account against a deployment: token, callflows, numbers, webhook, reach, money.

    Crossbar's address and key are those that `pivot provision` stored. Exit code: 0 well, 1 calls or money
    are lost, 2 wrong usage.
    """
    deployment = Deployment.find(stage)
    findings = []
    console = Console(soft_wrap=True, highlight=False)
    for finding in examine(deployment, account, url or address_of(deployment), fix=fix):
        findings.append(finding)
        if not as_json:
            _show(console, finding)
    errors = sum(finding.level == "error" for finding in findings)
    warnings = sum(finding.level == "warning" for finding in findings)
    if as_json:
        document = {"errors": errors, "warnings": warnings, "findings": [asdict(each) for each in findings]}
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        console.print(f"{errors} errors, {warnings} warnings." if errors or warnings else "All is well.")
    if errors:
        raise typer.Exit(FAILED)


def examine(deployment: Deployment, account: str, url: str, *, fix: bool = False) -> Iterator[Finding]:
    """Yield what is found of a KAZOO account on a deployment."""
    ssm, prefix = deployment.client("ssm"), parameter_prefix(deployment.stage)
    access = stored_access(ssm, prefix, account)
    if access is None:
        raise CrossbarAccessError(
            f"parameter {parameter_name(prefix, account)} is missing: `pivot provision` stores Crossbar's "
            "address and key there"
        )
    tokens = Tokens(TenantAdmin.of(deployment), account)
    dynamodb = deployment.client("dynamodb")
    settings = tokens.settings()
    run_id = f"pivot-doctor-{secrets.token_hex(4)}"
    with Crossbar(access.url, access.api_key, account, request_id=run_id) as crossbar:
        yield from Doctor(
            crossbar=crossbar,
            deployment=deployment.stage,
            url=url.rstrip("/"),
            kazoo_version=None if settings is None else str(settings.get("kazoo_version", "4.3")),
            is_live=lambda collection, token: tokens.live([token])[collection] == token,
            exchanges=ExchangeStore(dynamodb, deployment.output("ExchangesTable")),
            money=LedgerMoney(DynamoDBLedger(dynamodb, deployment.output("AccountsTable"))),
        ).examine(datetime.now(UTC), fix=fix)


def _show(console: Console, finding: Finding) -> None:
    sign, style = SIGNS[finding.level]
    line = Text(f"{sign} ", style=style).append(f"{finding.check:9}", style="dim")
    console.print(line.append(finding.message, style="" if finding.level != "error" else "red"))
    if finding.remedy:
        console.print(Text(f"           → {finding.remedy}"))
