"""The doctor inside a deployment: with its own tables, tokens and stored access to Crossbar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import datetime

from kazoo_pivot import NotAuthenticatedError
from pivot_app import aws
from pivot_app.bootstrap import parameters, tenants
from pivot_app.crossbar import CrossbarError, Crossbars
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import DynamoDBLedger
from pivot_app.live_debug import ExchangeStore
from pivot_app.settings import settings
from pivot_app.tenants import Scope, TenantStore, kept_form

from ._doctor import Doctor
from ._findings import Finding
from ._ledger import LedgerMoney

BUDGET_S = 10


def accounts_with_access() -> Iterator[str]:
    """Yield the KAZOO accounts whose access to Crossbar `pivot provision` stored."""
    pages = aws.client("ssm", complete=True).get_paginator("get_parameters_by_path")
    for page in pages.paginate(Path=f"{settings().parameter_prefix}/crossbar"):
        for parameter in page["Parameters"]:
            yield parameter["Name"].rpartition("/")[2]


def examine_deployed(kazoo_account_id: str, url: str, now: datetime) -> Iterator[Finding]:
    """Yield what is found of one KAZOO account; `url` is the address KAZOO is given."""
    given, dynamodb = settings(), aws.client("dynamodb")
    try:
        crossbar = Crossbars(parameters()).of(kazoo_account_id)
    except CrossbarError as error:
        yield Finding("access", "error", str(error), "run `pivot provision` with the account's API key")
        return
    tenant = TenantStore(dynamodb, given.tenants_table).get(kazoo_account_id)
    ledger = DynamoDBLedger(dynamodb, given.accounts_table, budget_seconds=BUDGET_S)
    with crossbar:
        yield from Doctor(
            crossbar=crossbar,
            deployment=given.stage,
            url=url.rstrip("/"),
            kazoo_version=None if tenant is None else str(tenant.settings.get("kazoo_version", "4.3")),
            is_live=lambda collection, token: _opens(kazoo_account_id, token, collection),
            exchanges=ExchangeStore(dynamodb, given.exchanges_table),
            money=LedgerMoney(ledger),
        ).examine(now)


@dataclass(slots=True)
class Visit:
    """One round through the accounts: errors and warnings with the account they are of, and their numbers."""

    complaints: list[tuple[str, Finding]] = field(default_factory=list)
    examined: int = 0
    left: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The values that become metrics."""
        levels = [finding.level for _, finding in self.complaints]
        return {
            "DoctorErrors": levels.count("error"),
            "DoctorWarnings": levels.count("warning"),
            "AccountsExamined": self.examined,
            "AccountsLeft": self.left,
        }


def visit_all(url: str, now: datetime, has_time: Callable[[], bool]) -> Visit:
    """Examine every account with access, as long as there is time; the others are left to the next round."""
    visit = Visit()
    for account in accounts_with_access():
        if not has_time():
            visit.left += 1
            continue
        visit.examined += 1
        found = examine_deployed(account, url, now)
        visit.complaints += [(account, each) for each in found if each.level in ("error", "warning")]
    return visit


def _opens(kazoo_account_id: str, token: str, collection: str) -> bool:
    scope: Scope = "webhook" if collection == "webhooks" else "pivot"
    try:
        tenants().authenticate_kept(kazoo_account_id, kept_form(token), scope=scope)
    except NotAuthenticatedError:
        return False
    return True
