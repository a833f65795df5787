"""`pivot privacy`: one caller's data in every table, written down and erased, as an operator does it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pivot_app import aws
from pivot_app.identity import Caller, DynamoDBCallers, DynamoDBPinAttempts, hash_pin, user_key
from pivot_app.ledger import Account, DynamoDBLedger
from pivot_app.live_debug.exchange import Exchange
from pivotctl.data import Deployment, parse, push
from pivotctl.local_stack import function_environment
from pivotctl.privacy import PrivacyError, person
from pivotctl.privacy.command import app
from tests.conftest import Tables

ADA, OTHER = "+14155550123", "+14155550124"
NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)


@pytest.fixture
def kazoo() -> str:
    """A KAZOO account of its own."""
    return uuid.uuid4().hex


@pytest.fixture
def pivot(emulator: Tables, monkeypatch: pytest.MonkeyPatch, kazoo: str) -> Callable[..., Result]:
    """Run a command: `pivot("erase", ADA, "--yes")`."""
    for name, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(app, [*arguments, "--kazoo-account", kazoo])
        assert result.exit_code == status, result.output
        return result

    return run


@pytest.fixture
def filled(emulator: Tables, kazoo: str) -> Tables:
    """Every table with something of Ada, and of somebody else."""
    dynamodb, names = emulator.client("dynamodb"), emulator.names
    ledger = DynamoDBLedger(dynamodb, names["AccountsTable"])
    callers = DynamoDBCallers(dynamodb, names["CallersTable"])
    for account_id, number, name in (("1", ADA, "Ada"), ("2", OTHER, "Bob")):
        profile = {"name": name, "pin": hash_pin("8305"), "balance_source": "ledger"}
        ledger.create(Account(kazoo, account_id, "USD", profile=profile))
        ledger.top_up(kazoo, account_id, 5_000_000, reference="first", now=NOW, note=f"for {number}")
        callers.put(kazoo, Caller(number=number, account_id=account_id, name=name))
        DynamoDBPinAttempts(dynamodb, names["CallStateTable"]).reserve(
            kazoo, account_id, int(NOW.timestamp())
        )
        state = {"pk": f"{kazoo}#call-{account_id}", "cav#account_caller": number}
        dynamodb.put_item(TableName=names["CallStateTable"], Item=aws.to_item(state))
        for masked in (False, True):
            dynamodb.put_item(
                TableName=names["ExchangesTable"],
                Item=exchange(kazoo, number, masked=masked).to_item(expires_at=2**31),
            )
    tables = Deployment(dynamodb, *(names[f"{each}Table"] for each in ("Documents", "Callers", "Accounts")))
    menu = f'{{prompt: "Call {ADA}. Press 1.", keys: {{1: hang_up}}}}'
    menus = f"kind: menus\nstart: main\nmenus:\n  main: {menu}\n"
    push(tables, kazoo, parse(menus, "m.yaml"), author="tests", now=NOW)
    return emulator


def exchange(kazoo: str, number: str, *, masked: bool) -> Exchange:
    """A record of Live Debug."""
    shown = "+********" + number[-3:] if masked else number
    return Exchange(
        kazoo_account_id=kazoo,
        call_id=uuid.uuid4().hex,
        received_ms=1,
        call_started_ms=1,
        step=0,
        request_id=uuid.uuid4().hex,
        callback="menu",
        method="POST",
        path="/menu",
        body_format="json",
        parameters={"Caller-ID-Number": shown},
        caller=shown,
        dialled="2000",
        status=200,
        outcome="answered",
        flow=None,
        masked=masked,
    )


def everything(tables: Tables, kazoo: str, table: str) -> list[dict[str, Any]]:
    """What a table holds of the KAZOO account."""
    return [item for item in tables.every_item(table) if kazoo in str(item["pk"])]


def test_what_is_stored_of_one_caller(filled: Tables, pivot: Callable[..., Result]) -> None:
    """From every table, nothing of anybody else, no hash of a PIN, and what was not looked at."""
    document = json.loads(pivot("export", "(415) 555-0123").output)
    assert document["caller"] == ADA
    found = sorted({record["table"] for record in document["records"]})
    assert found == ["accounts", "call states", "callers", "documents", "exchanges"]
    assert "Bob" not in str(document)
    assert OTHER not in str(document)
    assert "scrypt" not in str(document)
    assert any("CloudWatch" in each for each in document["not_looked_at"])


def test_a_caller_is_erased_from_every_table(
    filled: Tables, pivot: Callable[..., Result], kazoo: str
) -> None:
    """Money stays, without the number; documents are named; somebody else's data is untouched."""
    before = everything(filled, kazoo, "AccountsTable")
    said = pivot("erase", ADA, "--yes").output
    assert "their masked number may be this one" in said
    assert "menus" in said
    assert "Out of reach" in said
    for table in ("CallersTable", "CallStateTable", "ExchangesTable", "AccountsTable"):
        left = str(everything(filled, kazoo, table))
        assert ADA[1:] not in left, table
        assert "Ada" not in left, table
    for table in ("CallersTable", "CallStateTable"):
        assert OTHER in str(everything(filled, kazoo, table))
    accounts = everything(filled, kazoo, "AccountsTable")
    assert len(accounts) == len(before)
    account = DynamoDBLedger(filled.client("dynamodb"), filled.names["AccountsTable"]).account(kazoo, "1")
    assert account is not None
    assert account.balance_micros == 5_000_000
    assert account.profile == {"balance_source": "ledger"}
    assert "scrypt" in str(everything(filled, kazoo, "AccountsTable")), "Bob keeps his PIN"
    again = pivot("erase", ADA, "--yes").output
    assert "records erased" not in again


def test_an_account_with_another_identity_keeps_its_profile(
    filled: Tables, pivot: Callable[..., Result], kazoo: str
) -> None:
    """Only the number goes; the registered user still opens the account."""
    callers = DynamoDBCallers(filled.client("dynamodb"), filled.names["CallersTable"])
    callers.put(kazoo, Caller(number=user_key("a" * 32), account_id="1", name="Ada"))
    pivot("erase", ADA, "--yes")
    account = DynamoDBLedger(filled.client("dynamodb"), filled.names["AccountsTable"]).account(kazoo, "1")
    assert account is not None
    assert account.profile["name"] == "Ada"
    assert callers.find(kazoo, ADA) is None
    pivot("erase", "a" * 32, "--yes")
    assert callers.find(kazoo, user_key("a" * 32)) is None


def test_a_key_that_names_the_caller_is_named(
    filled: Tables, pivot: Callable[..., Result], kazoo: str
) -> None:
    """A top-up's reference stays what it was: without it the same one would be posted twice."""
    ledger = DynamoDBLedger(filled.client("dynamodb"), filled.names["AccountsTable"])
    ledger.top_up(kazoo, "1", 1_000_000, reference=f"card of {ADA}", now=NOW)
    said = pivot("erase", ADA, "--yes").output
    assert "cannot change" in said
    assert f"card of {ADA}" in said


def test_nothing_is_erased_unasked(filled: Tables, pivot: Callable[..., Result], kazoo: str) -> None:
    """Without a yes everything stays."""
    pivot("erase", ADA, status=1)
    assert ADA in str(everything(filled, kazoo, "CallersTable"))


def test_a_stranger_is_not_there(pivot: Callable[..., Result]) -> None:
    """And what is not a number is said to be none."""
    assert "hold nothing of this caller" in pivot("erase", "+14155550199").output
    assert "not a telephone number" in pivot("export", "Ada", status=2).output


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (ADA, "+14155550123"),
        (ADA, "4155550123"),
        (ADA, "call +1 (415) 555-0123 now"),
        (ADA, "415.555.0123"),
        (ADA, "００１４１５５５５０１２３"),
        ("+525512345678", "+5215512345678"),
        ("+5215512345678", "525512345678"),
        ("+5511987654321", "+55 11 8765-4321"),
        ("+442071838750", "020 7183 8750"),
        ("+442071838750", "0044 20 7183 8750"),
    ],
)
def test_a_number_is_found_however_it_is_written(number: str, written: str) -> None:
    """And nothing is left of it."""
    who = person(number)
    assert who.is_in({"a": [f"x {written}."]})
    left = who.removed_from({"a": [f"x {written}."]})
    assert left["a"][0].replace("[erased]", "").strip("x .") in ("", "call now", "call  now")
    assert not who.is_in(left)


@pytest.mark.parametrize("text", ["+14155550124", "141555501231", "914155550123", "555-0123", "1"])
def test_another_number_is_not_the_same(text: str) -> None:
    """A longer number, a part of it, somebody else's."""
    assert not person(ADA).is_in(text)


def test_nobody_is_no_person() -> None:
    """Neither a number nor an id."""
    with pytest.raises(PrivacyError):
        person("anonymous")
