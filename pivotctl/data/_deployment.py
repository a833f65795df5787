"""Where the data of a deployment is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from callers import DynamoDBCallers
from menus import DocumentStore
from pivot import aws

VARIABLES = {
    "DOCUMENTS_TABLE": "DocumentsTable",
    "CALLERS_TABLE": "CallersTable",
    "ACCOUNTS_TABLE": "AccountsTable",
}


class DeploymentError(Exception):
    """The deployment cannot be found; the message says what to name."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The tables of one deployment. `dynamodb` is a botocore client."""

    dynamodb: Any
    documents_table: str
    callers_table: str
    accounts_table: str

    @property
    def documents(self) -> DocumentStore:
        """Menus and routing rules."""
        return DocumentStore(self.dynamodb, self.documents_table)

    @property
    def callers(self) -> DynamoDBCallers:
        """Phone numbers to accounts."""
        return DynamoDBCallers(self.dynamodb, self.callers_table)

    @classmethod
    def find(cls, stage: str) -> Deployment:
        """The deployment of a stage: named by environment variables, running on this machine, or on AWS."""
        names = {variable: os.environ.get(variable, "") for variable in VARIABLES}
        if all(names.values()):
            client = aws.client("dynamodb")
        elif stage == "local":
            from pivotctl.local_stack import Stack

            running = Stack.running()
            if running is None:
                raise DeploymentError("no local stack is running; start it with `make up`")
            client = running.emulator.client("dynamodb")
            names = {variable: running.outputs[output] for variable, output in VARIABLES.items()}
        else:
            client = aws.client("dynamodb")
            names = _outputs_of(f"pivot-lambda-{stage}")
        return cls(client, names["DOCUMENTS_TABLE"], names["CALLERS_TABLE"], names["ACCOUNTS_TABLE"])


def _outputs_of(stack: str) -> dict[str, str]:
    from botocore.exceptions import ClientError

    try:
        described = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        message = f"{error.response['Error'].get('Message', error)}; is {stack} deployed in this region?"
        raise DeploymentError(message) from None
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    missing = [output for output in VARIABLES.values() if output not in outputs]
    if missing:
        raise DeploymentError(f"stack {stack} has no output {missing[0]}; deploy the present template first")
    return {variable: outputs[output] for variable, output in VARIABLES.items()}
