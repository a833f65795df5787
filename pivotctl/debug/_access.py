"""`pivot debug-access`: which IAM principals and roles see which KAZOO accounts in Live Debug."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from pivot_app.live_debug import EVERY_ACCOUNT, parse_grants
from pivotctl.deployment import LOCAL, Stage, parameter_prefix, ssm_of
from pivotctl.errors import UsageError, user_errors
from pivotctl.options import AsJson

app = typer.Typer(
    help="The KAZOO accounts that each IAM principal and role sees in Live Debug.",
    no_args_is_help=True,
    add_completion=False,
)

Principal = Annotated[
    str,
    typer.Argument(
        metavar="ARN", help="An IAM ARN, assumed-role/NAME/* for a role's sessions, or role:NAME."
    ),
]
Accounts = Annotated[
    list[str], typer.Argument(metavar="ACCOUNT_ID...", help="KAZOO Account-IDs, or * for all.")
]


@dataclass(frozen=True, slots=True)
class Grants:
    """The grants of one deployment; `ssm` is a client of SSM."""

    ssm: Any
    prefix: str

    def read(self) -> dict[str, list[str]]:
        """Return IAM ARN or `role:NAME` to KAZOO Account-IDs."""
        found = self.ssm.get_parameters(Names=[self._name], WithDecryption=True)["Parameters"]
        return parse_grants(found[0]["Value"]) if found else {}

    def allow(self, arn: str, accounts: list[str]) -> dict[str, list[str]]:
        """Add accounts to what a principal sees."""
        grants = self.read()
        grants[arn] = sorted({*grants.get(arn, []), *accounts})
        return self._write(grants)

    def revoke(self, arn: str) -> dict[str, list[str]]:
        """Take everything from a principal."""
        grants = self.read()
        grants.pop(arn, None)
        return self._write(grants)

    @property
    def _name(self) -> str:
        return f"{self.prefix}/debug-access"

    def _write(self, grants: dict[str, list[str]]) -> dict[str, list[str]]:
        document = json.dumps(grants)
        parse_grants(document)
        self.ssm.put_parameter(Name=self._name, Value=document, Type="SecureString", Overwrite=True)
        return grants


@app.command()
def allow(arn: Principal, accounts: Accounts, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Grant a principal access to these accounts, in addition to its others, within a minute."""
    _show(stage, lambda grants: grants.allow(arn, accounts), as_json=as_json)


@app.command()
def revoke(arn: Principal, stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """Revoke all access of a principal, within a minute."""
    _show(stage, lambda grants: grants.revoke(arn), as_json=as_json)


@app.command("list")
def list_grants(stage: Stage = LOCAL, as_json: AsJson = False) -> None:
    """List all grants."""
    _show(stage, Grants.read, as_json=as_json)


def _show(stage: str, act: Callable[[Grants], dict[str, list[str]]], *, as_json: bool) -> None:
    with user_errors():
        try:
            grants = act(Grants(ssm_of(stage), parameter_prefix(stage)))
        except ValueError as error:
            raise UsageError(str(error)) from None
    if as_json:
        rows = [{"arn": arn, "kazoo_accounts": accounts} for arn, accounts in grants.items()]
        typer.echo(json.dumps(rows, indent=2))
        return
    for arn, accounts in grants.items() or [("nobody", [])]:
        seen = "every account" if EVERY_ACCOUNT in accounts else ", ".join(accounts) or "sees anything"
        typer.echo(f"{arn}  {seen}")
