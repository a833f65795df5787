"""`pivot provision`: the command."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pivot_app.crossbar import CrossbarError
from pivotctl.deployment import LOCAL, Deployment, Stage
from pivotctl.errors import FAILED, UserError
from pivotctl.options import AsJson, Yes
from pivotctl.provision._plan import Step
from pivotctl.provision._run import NotApprovedError, Proposal, Provisioning
from pivotctl.provision._show import SIGNS, as_json, show_plan
from pivotctl.provision.document import read_document


def provision(
    file: Annotated[Path, typer.Argument(help="The document, such as kazoo.yaml.", metavar="FILE")],
    stage: Stage = LOCAL,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes without making them.")] = False,
    yes: Yes = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Remove everything that this deployment made in the account.")
    ] = False,
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="Move numbers that are in other callflows; --undo moves them back."),
    ] = False,
    new_token: Annotated[bool, typer.Option("--new-token", help="Put a new token into everything.")] = False,
    as_json_: AsJson = False,
) -> None:
    """Create or update callflows, numbers and webhooks of a KAZOO account from a document.

    The API key comes from KAZOO_API_KEY, from the deployment's parameters, or is asked for. Exit code: 0 all
    is as the document says, 1 it is not or cannot be, 2 wrong usage.
    """
    console = Console(soft_wrap=True, highlight=False)
    run_id = f"pivot-provision-{secrets.token_hex(4)}"
    how = {"undo": undo, "take_over": take_over, "new_token": new_token}
    document = read_document(file)
    deployment = Deployment.find(stage)
    provisioning = Provisioning(document, deployment, address_of(deployment), request_id=run_id)
    try:
        if dry_run:
            proposal = provisioning.propose(**how)
            _show(console, proposal, "dry run", in_json=as_json_)
            raise typer.Exit(0 if proposal.is_empty else FAILED)
        approve = _approval(console, yes=yes, in_json=as_json_)
        proposal = provisioning.run(approve, _progress(console, in_json=as_json_), **how)
    except CrossbarError as error:
        where = f" (KAZOO logs the request as {error.request_id})" if error.request_id else ""
        raise UserError(f"{error}{where}") from None
    finally:
        provisioning.close()
    if as_json_:
        print(as_json(list(proposal.setup), proposal.plan, "unchanged" if proposal.is_empty else "done"))
    elif proposal.is_empty:
        _show(console, proposal, "", in_json=False)
    elif undo:
        console.print("Everything of this deployment is out of the KAZOO account.")
    else:
        account = document.kazoo_account
        console.print(
            f"In line with {file}. Next: `pivot doctor {account} --stage {stage}`, and call a number."
        )


def address_of(deployment: Deployment) -> str:
    """Return the address KAZOO reaches a deployment at."""
    return deployment.outputs.get("PublicUrl") or deployment.output("ApiUrl")


def _approval(console: Console, *, yes: bool, in_json: bool) -> Callable[[Proposal], None]:
    def approve(proposal: Proposal) -> None:
        if not in_json:
            _show(console, proposal, "", in_json=False)
        if yes:
            return
        if not sys.stdin.isatty():
            raise NotApprovedError(
                "nothing was changed: --yes changes it without a question, --dry-run only looks"
            )
        if not typer.confirm("Change this?"):
            raise NotApprovedError("nothing was changed")

    return approve


def _progress(console: Console, *, in_json: bool) -> Callable[[Step], None]:
    def show(step: Step) -> None:
        if step.title and not in_json:
            word = {"create": "created", "update": "changed", "delete": "removed"}.get(step.action, "moved")
            console.print(f"[green]✓[/] {word} ", end="")
            console.print(step.title, markup=False)

    return show


def _show(console: Console, proposal: Proposal, outcome: str, *, in_json: bool) -> None:
    if in_json:
        print(as_json(list(proposal.setup), proposal.plan, outcome))
        return
    show_plan(console, list(proposal.setup), proposal.plan)
    if proposal.is_empty:
        console.print("Nothing to change: the KAZOO account is as the document says.")
        return
    counts = {
        sign: sum(1 for step in proposal.plan.steps if step.title and step.action == action)
        for action, (sign, _) in SIGNS.items()
    }
    console.print(f"{counts['+']} to create, {counts['~']} to change, {counts['-']} to remove.")
