"""The deployed functions' handlers in this process, on the emulator's tables with the demo's accounts."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kazoo_simulator import InProcess, Simulator
from pivot_app.identity import DynamoDBPinAttempts
from pivot_app.settings import settings
from pivotctl.local_stack import function_environment
from pivotctl.local_stack.demo_data import CUSTOMERS, KAZOO_ACCOUNT, TOKEN, seed
from tests.conftest import Tables

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def seeded(emulator: Tables) -> Tables:
    """The emulator with the demo's secrets, accounts and callers."""
    seed(emulator.emulator, emulator.names)
    return emulator


@pytest.fixture
def application(seeded: Tables, as_deployed: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Every callback's handler by its path, as IAM lets it work, with nothing cached from another test."""
    for name, value in function_environment(seeded.emulator, seeded.names).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    # Wrong PINs of another test would make a caller wait here.
    attempts = DynamoDBPinAttempts(seeded.client("dynamodb"), seeded.names["CallStateTable"])
    for customer in CUSTOMERS:
        attempts.unlock(KAZOO_ACCOUNT, customer["account_id"])
    handlers = {}
    for path in sorted(ROOT.glob("functions/*/app.py")):
        handler = import_module(f"functions.{path.parent.name}.app").handler
        if hasattr(handler, "forget"):
            handler.forget()
            handlers[f"/{path.parent.name}"] = handler
    return handlers


@pytest.fixture
def kazoo_of(application: dict[str, Any]) -> Callable[..., Simulator]:
    """A simulator of the demo's KAZOO account: `kazoo_of("5")`."""

    def simulator(version: Any = "4.3", token: str = TOKEN) -> Simulator:
        return Simulator(InProcess(application, token=token), kazoo=version, account_id=KAZOO_ACCOUNT)

    return simulator
