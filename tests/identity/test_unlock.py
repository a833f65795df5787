"""`pivot accounts unlock`: removes the waiting time after wrong PINs."""

from __future__ import annotations

import time
import uuid

import pytest
from typer.testing import CliRunner

from pivot_app.identity import FREE_TRIES, DynamoDBPinAttempts
from pivot_app.ledger import Account, DynamoDBLedger
from pivotctl.accounts.command import app
from pivotctl.local_stack import function_environment
from tests.conftest import Tables


def test_an_operator_opens_a_locked_account(emulator: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what there was, and the next PIN is looked at; an account that is not there is said so."""
    for name, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(name, value)
    kazoo, client = uuid.uuid4().hex, emulator.client("dynamodb")
    DynamoDBLedger(client, emulator.names["AccountsTable"]).create(Account(kazoo, "1001", "USD"))
    attempts = DynamoDBPinAttempts(client, emulator.names["CallStateTable"])
    while attempts.reserve(kazoo, "1001", int(time.time())):
        pass

    def unlock(account: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["unlock", account, "--kazoo-account", kazoo])
        return result.exit_code, result.output

    code, said = unlock("1001")
    assert code == 0
    assert f"{FREE_TRIES} tries" in said
    assert attempts.reserve(kazoo, "1001", int(time.time()))
    attempts.unlock(kazoo, "1001")
    assert unlock("1001") == (0, "account 1001 has no wrong PINs\n")
    assert unlock("9999")[0] == 1
