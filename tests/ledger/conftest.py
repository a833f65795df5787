"""Fixtures of the ledger's tests."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from pivot_app.ledger import DynamoDBLedger


@pytest.fixture
def kazoo_account_id() -> str:
    """A tenant of its own, so that tests never see each other's accounts."""
    return uuid.uuid4().hex


@pytest.fixture
def ledger(emulator: Any) -> DynamoDBLedger:
    return DynamoDBLedger(emulator.client("dynamodb"), emulator.names["AccountsTable"])
