"""Fixtures of the ledger's tests."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pivot_app.ledger import DynamoDBLedger
from pivotctl.accounts.command import app


@pytest.fixture
def kazoo_account_id() -> str:
    """A tenant of its own, so that tests never see each other's accounts."""
    return uuid.uuid4().hex


@pytest.fixture
def ledger(emulator: Any) -> DynamoDBLedger:
    return DynamoDBLedger(emulator.client("dynamodb"), emulator.names["AccountsTable"])


@pytest.fixture
def pivot(emulator: Any, kazoo_account_id: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `pivot accounts …` against the emulator; asserts its exit status."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("ACCOUNTS_TABLE", emulator.names["AccountsTable"])
    monkeypatch.setenv("PIVOT_KAZOO_ACCOUNT", kazoo_account_id)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == status, result.output
        return result

    return run
