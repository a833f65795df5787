"""A KAZOO account with its documents and money, and the functions that answer its calls."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from ruamel.yaml import YAML

from pivot_app.documents import parse_amount
from pivot_app.ledger import Account, DynamoDBLedger, Rate
from pivot_app.look_ups import StaticLookUps
from pivot_app.settings import settings
from pivotctl.data import Deployment, lint, parse, push
from pivotctl.local_stack import function_environment
from pivotctl.local_stack.demo_data import write_secrets
from pivotctl.tokens import TenantAdmin
from tests.conftest import Tables

FUNCTIONS = ("menu", "menu_selection", "call_routing", "balance_gate", "account_balance")
NOON = "2026-01-07T12:00-05:00"
"""A Wednesday in New York."""


def dumped(value: Any) -> str:
    """A part of a situation as the text of a file."""
    stream = io.StringIO()
    YAML().dump(value, stream)
    return stream.getvalue()


def wired(emulator: Tables, monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the handlers of the functions, in this process; `answers` stand in for the HTTP look-ups."""
    for variable, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(variable, value)
    settings.cache_clear()
    write_secrets(emulator.emulator, emulator.names, "/pivot-lambda/local")
    found = StaticLookUps(answers)
    monkeypatch.setattr("pivot_app.look_ups.look_ups", lambda: found)
    handlers = {}
    for function in FUNCTIONS:
        handlers[f"/{function}"] = import_module(f"functions.{function}.app").handler
        handlers[f"/{function}"].forget()
    return handlers


def opened(emulator: Tables, account: str, situation: Any, version: str) -> str:
    """A KAZOO account with the documents and the money of a situation; returns its token."""
    names, dynamodb = emulator.names, emulator.client("dynamodb")
    ledger = DynamoDBLedger(dynamodb, names["AccountsTable"])
    for account_id, amount in situation.get("money", {}).items():
        value, _, currency = amount.partition(" ")
        rates = (Rate(prefix="1", per_minute_micros=50_000), Rate(prefix="52", per_minute_micros=90_000))
        ledger.create(
            Account(kazoo_account_id=account, account_id=account_id, currency=currency or "USD", rates=rates)
        )
        reference, now = "first", datetime.fromisoformat(NOON)
        ledger.top_up(account, account_id, parse_amount(value), reference=reference, now=now)
    deployment = Deployment(dynamodb, names["DocumentsTable"], names["CallersTable"], names["AccountsTable"])
    for number, document in enumerate(situation["documents"]):
        parsed = parse(dumped(document), f"{number}.yaml")
        if document["kind"] != "callers":
            assert [each for each in lint(parsed.document, version) if each.level == "error"] == []
        push(deployment, account, parsed, author="tests", now=datetime.fromisoformat(NOON))
    region = situation.get("region", "US")
    tenants = TenantAdmin.at(emulator.client, names["TenantsTable"], "/pivot-lambda/local")
    return tenants.create(
        account, {"kazoo_version": version, "language": "en-us", "region": region, "time_zone": "UTC"}
    ).pivot
