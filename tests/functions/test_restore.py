"""A restore, rehearsed: export, destroy, restore, calls go on, books agree."""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kazoo_simulator import InProcess, Simulator
from pivot_app.ledger import Account, DynamoDBLedger, Rate
from pivotctl.cli import app
from pivotctl.deployment import Deployment
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT
from pivotctl.tenant import command
from pivotctl.tokens import TenantAdmin
from tests.conftest import Tables

TENANT = "7e0b5c1d9f3a48d2b6c4e8f0a1d2c3b4"
LONDON = "+442071838750"


@pytest.fixture
def deployment(seeded: Tables, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """The tables as the commands find them."""
    found = Deployment("local", seeded.names, seeded.client, "")
    monkeypatch.setattr(command.Deployment, "find", lambda stage: found)
    return found


@pytest.fixture
def token(deployment: Deployment) -> str:
    """A KAZOO account with a prepaid account, and its token."""
    admin = TenantAdmin.of(deployment)
    if admin.settings(TENANT) is not None:
        admin.remove(TENANT)
    issued = admin.create(TENANT, {"kazoo_version": "4.3"})
    books = ledger(deployment)
    if books.account(TENANT, "1") is None:
        rates = (Rate("44", 30_000, first_increment_seconds=60, next_increment_seconds=60),)
        books.create(Account(TENANT, "1", "USD", rates=rates))
        books.top_up(TENANT, "1", 5_000_000, reference="first", now=datetime.now(UTC))
    return issued.pivot


def ledger(deployment: Deployment) -> DynamoDBLedger:
    """The books."""
    return DynamoDBLedger(deployment.client("dynamodb"), deployment.outputs["AccountsTable"])


def pivot(*arguments: str) -> Any:
    """Run `pivot`."""
    return CliRunner().invoke(app, list(arguments))


def admitted(application: dict[str, Any], token: str) -> bool:
    """Whether a prepaid call of the KAZOO account is let through."""
    for handler in application.values():
        handler.forget()
    kazoo = Simulator(InProcess(application, token=token), "4.3", account_id=TENANT)
    call = kazoo.call("+14155550100", LONDON, path="/balance_gate?account=1")
    call.hangs_up()
    return any(event.kind == "answer_received" and event.status == 200 for event in call.events)


def contents(deployment: Deployment) -> list[str]:
    """Everything that is kept of the KAZOO account, in one order."""
    return sorted(json.dumps(each, default=str) for each in command.Archive(deployment).items(TENANT))


def test_export_destroy_restore(
    application: dict[str, Any], deployment: Deployment, token: str, tmp_path: Path
) -> None:
    """After the restore everything is as it was, for calls and for the books."""
    assert admitted(application, token)
    file = tmp_path / "tenant.jsonl.gz"
    before = contents(deployment)

    unsure = pivot("tenant", "remove", TENANT)
    assert unsure.exit_code == 2
    assert contents(deployment) == before

    removed = pivot("tenant", "remove", TENANT, "--export", str(file), "--confirm", TENANT)
    assert removed.exit_code == 0, removed.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert contents(deployment) == []
    assert not admitted(application, token)
    assert pivot("tenant", "show", TENANT).exit_code == 1

    restored = pivot("restore", str(file))
    assert restored.exit_code == 0, restored.output
    assert contents(deployment) == before
    assert admitted(application, token)
    account = ledger(deployment).account(TENANT, "1")
    assert account is not None
    assert account.balance_micros == 5_000_000
    entries = list(ledger(deployment).entries(TENANT, "1"))
    assert sum(entry.amount_micros for entry in entries) == account.balance_micros


def test_tokens_of_before_are_restored(
    application: dict[str, Any], deployment: Deployment, token: str, tmp_path: Path
) -> None:
    """An old token is invalid once its account is removed, and valid again after the restore."""
    old, digest = "an-old-token-of-the-account", hashlib.sha256(b"an-old-token-of-the-account").hexdigest()
    store = TenantAdmin.of(deployment).store
    item = store.get(TENANT, consistent=True)
    assert item is not None
    store.put(replace(item, old_tokens=({"sha256": digest, "created": "2025-01-01"},)))
    store.put_old_tokens({**(store.old_tokens() or {}), digest[:20]: TENANT})
    others = dict(store.old_tokens() or {})
    assert admitted(application, old)

    file = tmp_path / "tenant.jsonl"
    removed = pivot("tenant", "remove", TENANT, "--export", str(file), "--confirm", TENANT)
    assert removed.exit_code == 0, removed.output
    assert old not in file.read_text()
    assert TENANT not in (store.old_tokens() or {}).values()
    assert not admitted(application, old)

    restored = pivot("restore", str(file))
    assert restored.exit_code == 0, restored.output
    assert store.old_tokens() == others
    assert admitted(application, old)
    assert admitted(application, token)


def test_a_restore_is_never_mixed_with_what_is_there(
    deployment: Deployment, token: str, tmp_path: Path
) -> None:
    """Refused without --overwrite, the same as before with it; other KAZOO accounts are left alone."""
    file = tmp_path / "tenant.jsonl"
    exported = pivot("export", str(file), "--kazoo-account", TENANT)
    assert exported.exit_code == 0, exported.output
    assert pivot("export", str(file), "--kazoo-account", TENANT).exit_code == 1
    before, others = contents(deployment), list(command.Archive(deployment).items(KAZOO_ACCOUNT))
    refused = pivot("restore", str(file))
    assert refused.exit_code == 1
    assert "--overwrite" in refused.output
    assert pivot("restore", str(file), "--overwrite").exit_code == 0
    assert contents(deployment) == before
    assert list(command.Archive(deployment).items(KAZOO_ACCOUNT)) == others


def test_what_is_no_export_is_refused(deployment: Deployment, tmp_path: Path) -> None:
    """Another file, or half of one."""
    file = tmp_path / "x.jsonl"
    file.write_text('{"format": "something"}\n')
    assert "not an export" in pivot("restore", str(file)).output
    file.write_text("{not json\n")
    assert "line 1" in pivot("restore", str(file)).output
    assert pivot("restore", str(tmp_path / "nope")).exit_code == 2


def test_tenants_are_listed_and_shown(deployment: Deployment, token: str) -> None:
    """For a person and for a program, without any secret."""
    for arguments in (("tenant", "list"), ("tenant", "show", TENANT)):
        shown = pivot(*arguments)
        assert shown.exit_code == 0, shown.output
        assert TENANT in shown.output
        assert token not in shown.output
        assert json.loads(pivot(*arguments, "--json").output)
    document = json.loads(pivot("tenant", "show", TENANT, "--json").output)
    assert document["items"]["AccountsTable"] > 0
    assert {each["scope"] for each in document["tokens"]} == {"pivot", "webhook"}


def test_tokens_are_listed_for_a_program(
    deployment: Deployment, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pivot token list --json` has what the lines have, and no token."""
    from pivotctl.tokens import command as tokens

    monkeypatch.setattr(tokens.Deployment, "find", lambda stage: deployment)
    listed = pivot("token", "list", TENANT, "--json")
    assert listed.exit_code == 0, listed.output
    (row,) = json.loads(listed.output)
    assert row["kazoo_account"] == TENANT
    assert {each["scope"] for each in row["tokens"]} == {"pivot", "webhook"}
    assert token not in listed.output
