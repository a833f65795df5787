"""`pivot check`."""

from __future__ import annotations

from typing import Annotated

import typer

from pivotctl.check._checks import ALL, LOCALLY, run, to_json
from pivotctl.check._finding import SIGNS, Finding, Subject
from pivotctl.deploy._parameters import deployed_values
from pivotctl.deployment import LOCAL, Deployment
from pivotctl.errors import FAILED
from pivotctl.options import AsJson

COLOURS = {"failure": "red", "warning": "yellow", "unknown": "magenta", "ok": "green", "note": None}


def check(
    stage: Annotated[str, typer.Argument(metavar="STAGE", help="The deployment, such as dev or prod.")],
    as_json: AsJson = False,
) -> None:
    """Check a deployment: state, quotas, alarms, backups, keys, queues, a played call, cost.

    Exit code 1 if a finding affects callers or money. Every finding has a remedy.
    """
    found = subject(stage)
    findings: list[Finding] = []
    for one in LOCALLY if stage == LOCAL else ALL:
        for finding in run(found, one):
            findings.append(finding)
            if not as_json:
                show(finding)
    if as_json:
        typer.echo(to_json(found, findings))
    if any(finding.level == "failure" for finding in findings):
        raise typer.Exit(FAILED)


def show(finding: Finding) -> None:
    """Print a finding and what to do about it."""
    sign = typer.style(SIGNS[finding.level], fg=COLOURS[finding.level])
    typer.echo(f"{sign} {finding.check}: {finding.message}")
    if finding.remedy:
        typer.echo(f"    {finding.remedy}")


def subject(stage: str) -> Subject:
    """Return the deployment that is to be checked."""
    found = Deployment.find(stage)
    stack = dict(found.stack)
    if stage == LOCAL:
        from pivotctl.local_stack._stack import STACK_NAME

        (stack,) = found.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
    parts = str(stack["StackId"]).split(":")
    parameters = deployed_values(stack) or {}
    return Subject(stage, found.client, stack, dict(found.outputs), parameters, found.url, parts[4], parts[3])
