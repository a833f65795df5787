"""`pivot deploy`, `pivot rollback` and `pivot delete`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Annotated

import typer

from pivotctl.aws_access import AwsAccess
from pivotctl.deploy._changes import DeployError, summary, wait
from pivotctl.deploy._deployer import Before, Deployer, tables_left
from pivotctl.deploy._parameters import Parameters, given_values
from pivotctl.deployment import LOCAL, describe, outputs_of, stack_name
from pivotctl.errors import UsageError
from pivotctl.options import Yes

StageName = Annotated[str, typer.Argument(metavar="STAGE", help="The deployment, such as dev or prod.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A parameter of template.yaml; repeatable."),
]


def deploy(
    stage: StageName,
    values: Set = None,
    yes: Yes = False,
    lose_data: Annotated[
        bool, typer.Option("--lose-data", help="Continue although a table or queue is replaced or removed.")
    ] = False,
    smoke: Annotated[
        bool,
        typer.Option(
            "--smoke/--no-smoke", help="Play a call through the new deployment; roll back if it fails."
        ),
    ] = True,
) -> None:
    """Deploy this checkout to a stage: show the changes, apply them, test with a call, or roll back."""
    deployer = _deployer(stage)
    _say(f"{deployer.name} in {deployer.access}")
    stack = deployer.stack()
    parameters = deployer.parameters(stack, given_values(values or ()))
    _say("the first deployment; parameters:" if stack is None else "parameters that change:")
    _show_parameters(parameters)
    before = deployer.before(stack)
    earlier = deployer.previous(before) if before else None
    with _step("building (sam build)"):
        deployer.build()
    with _step("uploading and comparing (sam deploy)"):
        change_set = deployer.change_set(parameters)
    if change_set is None:
        _say("nothing changes")
        deployer.open_routes()
    else:
        changes = deployer.changes(change_set)
        for line in summary(changes):
            _say(f"  {line}")
        if any(change.loses_data for change in changes) and not lose_data:
            raise DeployError("data would be lost: nothing was changed; --lose-data continues anyway")
        _agree(yes, f"Deploy to {deployer.name}?")
        if before:
            deployer.keep(before)
        with _step("deploying"):
            deployer.execute(change_set, lambda _: None)
    if deployer.synthetic_call():
        _say("the synthetic call has a KAZOO account and a token of its own now")
    if smoke:
        _prove(deployer, before if change_set else None, earlier)
    _what_next(deployer)


def rollback(stage: StageName, yes: Yes = False) -> None:
    """Restore the deployment before the last `pivot deploy`, from any machine."""
    deployer = _deployer(stage)
    _say(f"{deployer.name} in {deployer.access}")
    stack = deployer.stack()
    current = deployer.before(stack)
    if current is None:
        raise DeployError(f"there is no stack {deployer.name} here: nothing to bring back")
    before = deployer.previous(current)
    if before is None or before == current:
        raise DeployError(
            f"no earlier deployment of {deployer.name} is kept: `pivot deploy` keeps the one before it; "
            "check the wanted commit out and `pivot deploy` it"
        )
    _say("parameters that change:")
    _show_parameters(Parameters.between(current.parameters, before.parameters))
    _agree(yes, f"Bring the earlier deployment of {deployer.name} back?")
    with _step("bringing the earlier deployment back"):
        deployer.go_back(before, lambda _: None)
    deployer.keep(current)
    with _step("playing a call"):
        heard = deployer.smoke()
    _say(f"it answers: {heard.heard}, within {heard.slowest_ms} ms")


def delete(
    stage: StageName,
    confirm: Annotated[str, typer.Option(help="The stage's name again, to skip the question.")] = "",
) -> None:
    """Delete a stage's stack. Its tables stay; their names are printed for a later deployment."""
    deployer = _deployer(stage)
    stack = describe(stage, deployer.access)
    if stack is None:
        raise DeployError(f"there is no stack {deployer.name} in {deployer.access}")
    if not confirm and sys.stdin.isatty():
        confirm = typer.prompt(
            f"Delete {deployer.name} in {deployer.access}? Callers hear KAZOO's own fallback. Type {stage}"
        )
    if confirm != stage:
        raise UsageError(f"nothing was deleted: --confirm {stage} deletes it")
    if stack.get("EnableTerminationProtection"):
        raise DeployError(
            f"{deployer.name} is protected: `aws cloudformation update-termination-protection --stack-name "
            f"{deployer.name} --no-enable-termination-protection` comes first"
        )
    outputs = outputs_of(stack)
    with _step("deleting"):
        deployer.cloudformation.delete_stack(StackName=str(stack["StackId"]))
        _wait_until_gone(deployer, str(stack["StackId"]))
    _say("the stack is gone. These tables stay, with what is in them:")
    for name, table in tables_left(outputs):
        _say(f"  {table}  (deploy again with it: --set {name}Name={table})")


def _prove(deployer: Deployer, before: Before | None, earlier: Before | None) -> None:
    try:
        with _step("playing a call"):
            heard = deployer.smoke()
    except DeployError as error:
        typer.secho(str(error), err=True, fg="red")
        if before is None:
            raise DeployError(
                f"the deployment does not answer, and none was before. `pivot logs --stage {deployer.stage}` "
                f"shows why, `pivot delete {deployer.stage}` removes it"
            ) from None
        with _step("going back to the deployment before"):
            deployer.go_back(before, lambda _: None)
        if earlier:
            deployer.keep(earlier)
        again = deployer.smoke()
        raise DeployError(
            f"the new deployment does not answer a call; the one before is back and does: {again.heard}"
        ) from None
    _say(f"it answers: {heard.heard}, within {heard.slowest_ms} ms")


def _deployer(stage: str) -> Deployer:
    if stage == LOCAL:
        raise UsageError("`local` is what `pivot up` runs and updates; name a stage on AWS, such as dev")
    stack_name(stage)
    return Deployer(stage, AwsAccess.find())


def _show_parameters(parameters: Parameters) -> None:
    for name, was, wanted in parameters.changes:
        _say(f"  {name}: {wanted!r}" if was is None else f"  {name}: {was!r} → {wanted!r}")
    if not parameters.changes:
        _say("  none")
    for name, configured, deployed in parameters.kept:
        _say(f"  {name} stays {deployed!r}; --set {name}={configured} takes what samconfig.toml has")


def _agree(yes: bool, question: str) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nothing was changed: --yes deploys without asking")
    if not typer.confirm(question):
        raise DeployError("nothing was changed")


def _wait_until_gone(deployer: Deployer, stack_id: str) -> None:
    while True:
        found = deployer.cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
        if found == "DELETE_COMPLETE":
            return
        if found == "DELETE_FAILED":
            wait(deployer.cloudformation, stack_id, set(), lambda _: None)
        time.sleep(1)


def _what_next(deployer: Deployer) -> None:
    stage = deployer.stage
    outputs = outputs_of(describe(stage, deployer.access) or {})
    _say(f"\n{outputs.get('PublicUrl') or outputs.get('ApiUrl', '')}")
    _say(f"Next: `pivot check {stage}`, then `pivot token create ACCOUNT_ID --stage {stage}`.")


class _step:  # noqa: N801 - reads as a verb where it is used
    """A step under way, with its time when it is done."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self.began = time.monotonic()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        sign = "✓" if kind is None else "✗"
        _say(f"{sign} {self.name} ({time.monotonic() - self.began:.1f} s)")


_say: Callable[[str], None] = typer.echo
