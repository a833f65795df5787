"""Which ledger a command works on, and the options that say so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import typer

from pivot_app import aws
from pivot_app.ledger import Account, AccountNotFoundError, DynamoDBLedger
from pivotctl.deployment import LOCAL, Deployment
from pivotctl.errors import UsageError, UserError, user_errors
from pivotctl.kazoo_accounts import require_known

BUDGET_SECONDS = 10

Number = Annotated[str, typer.Argument(help="The account's number: 1 to 20 digits.", metavar="ACCOUNT")]


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger of a stage, one of its KAZOO accounts, and when the command was given."""

    ledger: DynamoDBLedger
    kazoo_account_id: str
    now: datetime
    client: Callable[[str], Any]
    tenants_table: str = ""

    @property
    def region(self) -> str:
        """The region of numbers in the KAZOO account; US by default."""
        from pivot_app.tenants import Tenant, TenantStore

        if not self.tenants_table:
            return Tenant.from_document(self.kazoo_account_id, {}).region
        found = TenantStore(self.client("dynamodb"), self.tenants_table).get(self.kazoo_account_id)
        return Tenant.from_document(self.kazoo_account_id, found.settings if found else {}).region

    @property
    def at(self) -> int:
        """Now, in epoch seconds."""
        return int(self.now.timestamp())

    def account(self, number: str) -> Account:
        """Return an account; AccountNotFoundError if there is none."""
        account = self.ledger.account(self.kazoo_account_id, number)
        if account is None:
            raise AccountNotFoundError(self.kazoo_account_id, number)
        return account


@contextmanager
def books(stage: str, tenant: str) -> Iterator[Books]:
    """Return the ledger of a stage or of ACCOUNTS_TABLE, and the KAZOO account, locally the demo's.

    What an operator can act on becomes one line and exit status 1.
    """
    with user_errors():
        client: Callable[[str], Any] = partial(aws.client, complete=True)
        table, tenants = os.environ.get("ACCOUNTS_TABLE", ""), os.environ.get("TENANTS_TABLE", "")
        if not table:
            found = Deployment.find(stage)
            table, tenants, client = found.output("AccountsTable"), found.output("TenantsTable"), found.client
            if tenant:
                require_known(client, tenants, tenant, stage)
        if not tenant and stage == LOCAL:
            from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT

            tenant = KAZOO_ACCOUNT
        if not tenant:
            raise UsageError("name the KAZOO account: --kazoo-account, or PIVOT_KAZOO_ACCOUNT")
        ledger = DynamoDBLedger(client("dynamodb"), table, budget_seconds=BUDGET_SECONDS)
        yield Books(ledger, tenant, datetime.now(UTC), client, tenants)


def check_plan(ledger: DynamoDBLedger, account: Account) -> None:
    """Refuse a plan that prices none of the account's calls, before every one of them is refused."""
    if not account.plan:
        return
    head = ledger.plans.head(account.kazoo_account_id, account.plan)
    if head is None:
        raise UserError(f"plan {account.plan} is not there: `pivot accounts import-rates` makes it")
    if head.currency != account.currency:
        raise UserError(f"plan {account.plan} is in {head.currency}, the account in {account.currency}")


def check_deny_lists(ledger: DynamoDBLedger, account: Account) -> None:
    """Refuse a deny list that is not there: it would deny nothing."""
    for name in account.controls.deny_lists:
        if ledger.deny_lists.head(account.kazoo_account_id, name) is None:
            raise UserError(f"deny list {name} is not there: `pivot accounts import-deny-list` makes it")
