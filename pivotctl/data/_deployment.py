"""The stores of a deployment's data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from pivot_app import aws
from pivot_app.documents import DocumentStore
from pivot_app.identity import DynamoDBCallers
from pivotctl import deployment
from pivotctl.kazoo_accounts import require_known

VARIABLES = {
    "DOCUMENTS_TABLE": "DocumentsTable",
    "CALLERS_TABLE": "CallersTable",
    "ACCOUNTS_TABLE": "AccountsTable",
}


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
    def find(cls, stage: str, account: str = "") -> Deployment:
        """Return the data of a stage, or of the tables that environment variables name.

        Raises:
            UnknownKazooAccountError: The stage does not know the KAZOO account.
        """
        names = {variable: os.environ.get(variable, "") for variable in VARIABLES}
        client = aws.client("dynamodb")
        if not all(names.values()):
            found = deployment.Deployment.find(stage)
            client = found.client("dynamodb")
            if account:
                require_known(found.client, found.output("TenantsTable"), account, stage)
            names = {variable: found.output(output) for variable, output in VARIABLES.items()}
        return cls(client, names["DOCUMENTS_TABLE"], names["CALLERS_TABLE"], names["ACCOUNTS_TABLE"])
