"""Who a caller is, in menus and on other lines: the PIN's lock, the end of a call, what is never stored."""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kazoo_simulator import InProcess, KazooBuild, Simulator
from pivot_app.identity import FREE_TRIES, Caller, DynamoDBCallers, DynamoDBPinAttempts, hash_pin
from pivot_app.ledger import Account, DynamoDBLedger, Rate
from pivotctl.data import Deployment, parse, push
from pivotctl.tokens import TenantAdmin
from tests.conftest import Tables
from tests.functions.raw_kazoo import RawKazoo, following, said

ADA, STRANGER = "+14155550190", "+19998887755"
PIN = "8305"
MENUS = """\
kind: menus
start: main
menus:
  main:
    prompt: Enter your PIN.
    digits: 4
    sensitive: true
    tries: 2
    any: {do: check_pin, correct: {do: menu, menu: inside}}
  inside:
    prompt: "Hello, {caller.name}. You are in. Press 1 for your balance, 2 for the balance line."
    keys:
      1: {do: balance}
      2: {do: callback, path: account_balance}
"""
CASE = """\
kind: menus
start: main
languages: [en]
menus:
  main:
    prompt: {en: "Press 1 for sales, press 2 for support."}
    barge_in: false
    keys: {1: {do: menu, menu: pin}, 2: {do: hang_up, say: two}}
  pin:
    prompt: Enter your PIN.
    digits: 4
    sensitive: true
    any: {do: menu, menu: after}
  after:
    prompt: Thank you. Press 1 or 2.
    keys: {1: {do: hang_up, say: one}, 2: {do: callback, path: account_balance}}
"""


class Line:
    """A KAZOO account of its own with a customer, and both kinds of calls to it."""

    def __init__(
        self,
        tables: Tables,
        application: dict[str, Any],
        menus: str,
        tenant: dict[str, Any],
        *,
        build: KazooBuild = "4.3",
        **profile: Any,
    ) -> None:
        self.account = uuid.uuid4().hex
        self.tables = tables
        settings = {
            "kazoo_version": "5" if build == "5" else "4.3",
            "language": "en-us",
            "region": "US",
            "time_zone": "UTC",
            "debug": {"enabled": True, "mask_numbers": False},
        }
        admin = TenantAdmin.at(tables.client, tables.names["TenantsTable"], "/pivot-lambda/local")
        token = admin.create(self.account, {**settings, **tenant}).pivot
        dynamodb, names = tables.client("dynamodb"), tables.names
        ledger = DynamoDBLedger(dynamodb, names["AccountsTable"])
        ledger.create(
            Account(
                kazoo_account_id=self.account,
                account_id="1001",
                currency="USD",
                profile={"name": "Ada", "pin": hash_pin(PIN), **profile},
            )
        )
        ledger.top_up(self.account, "1001", 3_000_000, reference="first", now=datetime.now(UTC))
        callers = DynamoDBCallers(dynamodb, names["CallersTable"])
        callers.put(
            self.account,
            Caller(number=ADA, account_id="1001", name="Ada", require_pin=profile.get("require_pin") is True),
        )
        deployment = Deployment(
            dynamodb, *(names[f"{each}Table"] for each in ("Documents", "Callers", "Accounts"))
        )
        push(deployment, self.account, parse(menus, "menus.yaml"), author="tests", now=datetime.now(UTC))
        self.raw = RawKazoo(application, self.account, token)
        self.simulator = Simulator(InProcess(application, token=token), build, account_id=self.account)
        self.attempts = DynamoDBPinAttempts(dynamodb, names["CallStateTable"])

    def call(self, caller: str = ADA, path: str = "/menu") -> Any:
        """Place a call."""
        return self.simulator.call(caller, "2000", path=path)

    def stored(self) -> str:
        """All there is of this account in any table, exchanges unpacked."""
        texts = []
        for table in self.tables.names:
            for item in self.tables.every_item(table):
                packed = item.get("body", {}).get("B")
                text = json.dumps(item, default=str) + (
                    zlib.decompress(packed).decode()
                    if isinstance(packed, bytes) and table == "ExchangesTable"
                    else ""
                )
                texts += [text] if self.account in text else []
        return "\n".join(texts)


@pytest.fixture
def line(seeded: Tables, application: dict[str, Any], kazoo_build: KazooBuild) -> Callable[..., Line]:
    """Make a line: `line(MENUS, require_pin=True)`."""

    def make(menus: str = MENUS, tenant: dict[str, Any] | None = None, **profile: Any) -> Line:
        return Line(seeded, application, menus, tenant or {}, build=kazoo_build, **profile)

    return make


def test_the_pin_of_a_menu_locks_and_opens_again(line: Callable[..., Line]) -> None:
    """The same count as on the balance line: ten over all calls, then the right PIN is wrong too."""
    made = line()
    for _ in range(FREE_TRIES // 2):
        call = made.call()
        for _ in range(2):
            call.hears("Enter your PIN").presses("0000")
        call.ends()
    made.call().hears("Enter your PIN").presses(PIN).hears("not one of the choices").hangs_up()
    made.attempts.unlock(made.account, "1001")
    made.call().hears("Enter your PIN").presses(PIN).hears("You are in")


def test_a_right_pin_in_a_menu_opens_what_the_number_does_not(line: Callable[..., Line]) -> None:
    """With `require_pin` the caller is nobody before; after it they stay known to the end of the call."""
    made = line(require_pin=True)
    call = made.call().hears("Enter your PIN").presses(PIN)
    call.hears("You are in").presses("1").hears("three dollars").presses("2").hears("Hello Ada.")
    made.call(path="/account_balance").hears("account number")


def test_a_kazoo_account_may_demand_the_pin_of_everybody(line: Callable[..., Line]) -> None:
    """Its setting counts for every account, whatever the account says."""
    made = line(tenant={"require_pin": True})
    made.call(path="/account_balance").hears("account number")
    call = made.call().hears("Enter your PIN").presses(PIN).hears("Hello, Ada.")
    call.presses("1").hears("three dollars")


def test_wrong_pins_of_a_kazoo_account_are_capped(line: Callable[..., Line]) -> None:
    """One PIN cannot be tried on many accounts; the right one is not taken either until the hour is over."""
    made = line(tenant={"pin_failures_per_hour": 4})
    for account in ("7001", "7002"):
        call = made.call(STRANGER, path="/account_balance")
        for _ in range(2):
            call.hears("account number").presses(f"{account}#").hears("PIN").presses("8304#")
        call.hangs_up()
    made.call().hears("Enter your PIN").presses(PIN).hears("not one of the choices")


def test_an_identity_ends_with_its_call(line: Callable[..., Line]) -> None:
    """A caller with the same Call-ID from another number must identify again."""
    made = line(
        MENUS.replace("main:\n    prompt: Enter your PIN.", "other:\n    prompt: Enter.").replace(
            "start: main", "start: inside"
        )
    )
    call_id = uuid.uuid4().hex
    path, query, names = following(made.raw.ask("/account_balance", call_id, STRANGER))
    flow = made.raw.ask(
        path, call_id, STRANGER, query=query, digits=dict(zip(names, ("1001", PIN), strict=True))
    )
    path, query, _ = following(flow)
    assert "Hello Ada. Your balance is three dollars." in said(
        made.raw.ask(path, call_id, STRANGER, query=query)
    )
    other = "+19998880000"
    path, query, names = following(made.raw.ask("/menu", call_id, other))
    for key in ("1", "2"):
        heard = made.raw.ask(path, call_id, other, query=query, digits={names[0]: key})
        assert "three dollars" not in said(heard)
        assert "Ada" not in said(heard)
        if key == "2":
            path, query, _ = following(heard)
            assert path == "/account_balance"
            assert "account number" in said(made.raw.ask(path, call_id, other, query=query))
        else:
            path, query, names = following(heard)


def test_cleared_digits_that_come_again_are_stored_nowhere(
    line: Callable[..., Line], capfd: pytest.CaptureFixture[str]
) -> None:
    """KAZOO 4.3 before December 2023 repeats a flushed PIN in every request, to every callback."""
    made = line(CASE)
    call_id, have, keys = uuid.uuid4().hex, dict[str, str](), ["1", "9753", "2"]
    have["default"] = "97531"
    flow = made.raw.ask("/menu", call_id, STRANGER)
    for _ in range(6):
        path, query, names = following(flow)
        if not path:
            break
        if names and keys:
            have[names[0]] = keys.pop(0)
        flow = made.raw.ask(path, call_id, STRANGER, query=query, digits=have)
    assert not keys
    made.raw.ask("/account_balance", call_id, STRANGER, digits=have)
    stored = made.stored()
    assert "account_balance" in stored
    assert "9753" not in stored
    logged = capfd.readouterr()
    assert "9753" not in logged.out + logged.err


def test_the_gate_asks_for_the_pin_where_one_is_demanded(line: Callable[..., Line]) -> None:
    """The number alone spends no money of the account; with the PIN the call goes on where it was going."""
    made = line(require_pin=True)
    ledger = DynamoDBLedger(made.tables.client("dynamodb"), made.tables.names["AccountsTable"])
    ledger.configure(made.account, "1001", lambda each: replace(each, rates=(Rate("44", 60_000),)))
    gate = "/balance_gate?announce=none"
    call = made.simulator.call(ADA, "+442071838750", path=gate)
    call.hears("account number").presses("1001#").hears("PIN").presses("8304#").hears(
        "do not match"
    ).hangs_up()
    call = made.simulator.call(ADA, "+442071838750", path=gate)
    call.hears("account number").presses("1001#").hears("PIN").presses(f"{PIN}#").rings("+442071838750")
