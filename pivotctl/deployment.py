"""Which deployment a command works on: `--stage`, the same word for every command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import typer

from pivot_app import aws

LOCAL = "local"

Stage = Annotated[
    str,
    typer.Option(
        "--stage", envvar="PIVOT_STAGE", help="The deployment, such as dev; `local` is what `make up` runs."
    ),
]


class DeploymentError(Exception):
    """The deployment can not be found; the message says what to do or to name."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment of template.yaml: its outputs by their names, and clients of the AWS it is on."""

    stage: str
    outputs: Mapping[str, str]
    client: Callable[[str], Any]
    url: str

    @classmethod
    def find(cls, stage: str) -> Deployment:
        """The deployment of a stage: on this machine, or the stack `pivot-lambda-STAGE` on AWS.

        Raises:
            DeploymentError: It is not there.
        """
        if stage == LOCAL:
            from pivotctl.local_stack import Stack

            running = Stack.running()
            if running is None:
                raise DeploymentError("no local stack is running: `make up` starts it, --stage names another")
            return cls(stage, running.outputs, running.emulator.client, running.url)
        outputs = _outputs(f"pivot-lambda-{stage}")
        return cls(stage, outputs, partial(aws.client, complete=True), outputs.get("ApiUrl", ""))

    def output(self, name: str) -> str:
        """One output of the stack; DeploymentError where an older template lacks it."""
        if name not in self.outputs:
            raise DeploymentError(
                f"stage {self.stage} has no output {name}: deploy the present template first"
            )
        return self.outputs[name]


def ssm_of(stage: str) -> Any:
    """A client of SSM that may write, of the AWS a stage is on; the stage need not be deployed yet."""
    return Deployment.find(stage).client("ssm") if stage == LOCAL else aws.client("ssm", complete=True)


def parameter_prefix(stage: str) -> str:
    """Where a stage's SSM parameters are, as template.yaml names it."""
    return f"/pivot-lambda/{stage}"


def _outputs(stack: str) -> dict[str, str]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        described = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        message = error.response["Error"].get("Message", str(error))
        raise DeploymentError(f"{message}; is {stack} deployed in this region?") from None
    except BotoCoreError as error:
        raise DeploymentError(
            f"AWS: {error} (stage on AWS: {stack}; `--stage {LOCAL}` is the one that `make up` runs)"
        ) from None
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
