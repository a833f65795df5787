"""Checks that a deployment knows the KAZOO account that a command names."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer

from pivotctl.errors import UserError


class UnknownKazooAccountError(UserError):
    """The KAZOO account is not registered in this deployment."""


def require_known(client: Callable[[str], Any], tenants_table: str, account_id: str, stage: str) -> None:
    """Return where a KAZOO account is in the table of tenants, or a person at a terminal insists on it.

    Raises:
        UnknownKazooAccountError: It is unknown, and there is no override.
    """
    from pivot_app.tenants import TenantStore

    if TenantStore(client("dynamodb"), tenants_table).get(account_id) is not None:
        return
    told = f"KAZOO account {account_id} is unknown on stage {stage}"
    if sys.stdin.isatty() and typer.confirm(f"{told}. Continue anyway?"):
        return
    raise UnknownKazooAccountError(
        f"{told}: `pivot tenant list --stage {stage}` shows those there are, "
        f"`pivot token create {account_id} --stage {stage}` lets it in"
    )
