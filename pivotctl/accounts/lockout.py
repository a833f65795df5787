"""`pivot accounts unlock`: removes the waiting time after wrong PINs."""

from __future__ import annotations

import os

from pivot_app.identity import DynamoDBPinAttempts
from pivotctl.accounts._books import Number, books
from pivotctl.accounts._console import show
from pivotctl.deployment import LOCAL, Deployment
from pivotctl.options import KazooAccount, Stage


def unlock(number: Number, tenant: KazooAccount = "", stage: Stage = LOCAL) -> None:
    """Remove the waiting time after wrong PINs."""
    with books(stage, tenant) as here:
        here.account(number)
        table = os.environ.get("CALL_STATE_TABLE") or Deployment.find(stage, quiet=True).output(
            "CallStateTable"
        )
        attempts = DynamoDBPinAttempts(here.client("dynamodb"), table)
        counted = attempts.read(here.kazoo_account_id, number)
        if not counted.tries:
            show(f"account {number} has no wrong PINs")
            return
        attempts.unlock(here.kazoo_account_id, number)
        waited = f", closed for {counted.open_at - here.at} s more" if counted.open_at > here.at else ""
        show(f"account {number} can be tried again: it had {counted.tries} tries without a right PIN{waited}")
