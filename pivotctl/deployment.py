"""The deployment of a command: `--stage`, the same option for every command."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from pivotctl.aws_access import AwsAccess
from pivotctl.errors import UsageError, UserError, of_aws

LOCAL = "local"
STAGE = re.compile(r"[a-z][a-z0-9-]{0,19}")

Stage = Annotated[
    str,
    typer.Option(
        "--stage", envvar="PIVOT_STAGE", help="The deployment, such as dev; `local` is what `make up` runs."
    ),
]


class DeploymentError(UserError):
    """The deployment cannot be found; the message says what to do or to name."""


class NotDeployedError(DeploymentError):
    """There is no stack of that stage in this region and AWS account."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment of template.yaml: its outputs by their names, and clients of the AWS it is on."""

    stage: str
    outputs: Mapping[str, str]
    client: Callable[[str], Any]
    url: str
    place: str = ""
    """Region and AWS account, as a person reads them."""
    stack: Mapping[str, Any] = field(default_factory=dict)
    """CloudFormation's description of the stack."""

    @classmethod
    def find(cls, stage: str, access: AwsAccess | None = None, *, quiet: bool = False) -> Deployment:
        """Return the deployment of a stage: on this machine, or the stack `pivot-lambda-STAGE` on AWS.

        The AWS account and region are printed on stderr, unless `quiet`.

        Raises:
            DeploymentError: It is not there.
        """
        if stage == LOCAL:
            from pivotctl.local_stack import Stack

            running = Stack.running()
            if running is None:
                raise NotDeployedError(
                    "no local stack is running: `make up` starts it, --stage names another"
                )
            return cls(stage, running.outputs, running.emulator.client, running.url, "this machine")
        stack_name(stage)
        access = access or AwsAccess.find()
        stack = describe(stage, access)
        if stack is None:
            others = ", ".join(_stages(access)) or "none"
            raise NotDeployedError(
                f"there is no stack {stack_name(stage)} in {access}; stages here: {others}. "
                f"`pivot deploy {stage}` makes it, AWS_PROFILE and AWS_DEFAULT_REGION name another place"
            )
        account = str(stack["StackId"]).split(":")[4]
        place = f"{access}, AWS account {account}"
        if not quiet:
            typer.secho(f"{stack_name(stage)} in {place}", err=True, dim=True)
        outputs = outputs_of(stack)
        return cls(stage, outputs, access.client, url_of(outputs), place, stack)

    def output(self, name: str) -> str:
        """Return one output of the stack; DeploymentError where an older template lacks it."""
        if name not in self.outputs:
            raise DeploymentError(
                f"stage {self.stage} has no output {name}: deploy the present template first"
            )
        return self.outputs[name]


def stack_name(stage: str) -> str:
    """Return the name of a stage's stack, as samconfig.toml has it.

    Raises:
        UsageError: It is not the name of a stage.
    """
    if not STAGE.fullmatch(stage):
        raise UsageError(f"--stage {stage!r}: lower-case letters, digits and dashes, 20 at most, such as dev")
    return f"pivot-lambda-{stage}"


def describe(stage: str, access: AwsAccess) -> dict[str, Any] | None:
    """Return CloudFormation's description of a stage's stack, None where there is none."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        described = access.client("cloudformation").describe_stacks(StackName=stack_name(stage))["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise DeploymentError(f"{of_aws(error)} (stack {stack_name(stage)}, {access})") from None
    except BotoCoreError as error:
        raise DeploymentError(f"{of_aws(error)} (stack {stack_name(stage)}, {access})") from None
    found: list[dict[str, Any]] = [each for each in described if each["StackStatus"] != "DELETE_COMPLETE"]
    return found[0] if found else None


def _stages(access: AwsAccess) -> list[str]:
    """Return the stages that are deployed here; none where these credentials may not list stacks."""
    from botocore.exceptions import BotoCoreError, ClientError

    prefix = stack_name("x").removesuffix("x")
    try:
        pages = list(access.client("cloudformation").get_paginator("describe_stacks").paginate())
    except (BotoCoreError, ClientError):
        return []
    names = [stack["StackName"] for page in pages for stack in page["Stacks"]]
    return sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))


def outputs_of(stack: Mapping[str, Any]) -> dict[str, str]:
    """Return a stack's outputs by their names."""
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def url_of(outputs: Mapping[str, str]) -> str:
    """Return where a deployment answers; on an emulator that is a path of the emulator."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if endpoint.startswith(("http://127.0.0.1:", "http://localhost:")):
        return f"{endpoint.rstrip('/')}/_aws/execute-api/{outputs.get('ApiId', '')}/$default"
    return outputs.get("PublicUrl") or outputs.get("ApiUrl", "")


def ssm_of(stage: str) -> Any:
    """Return a client of SSM that may write, of the AWS a deployed stage is on."""
    return Deployment.find(stage).client("ssm")


def parameter_prefix(stage: str) -> str:
    """Return where a stage's SSM parameters are, as template.yaml names it."""
    return f"/pivot-lambda/{stage}"
