"""Menus and rules in whole calls: versions, reads, secrets, and the walls between KAZOO accounts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import pytest

from kazoo_simulator import InProcess, KazooBuild, Simulator
from pivot_app import aws
from pivot_app.documents import DocumentStore, PageCache
from pivot_app.identity import Caller, DynamoDBCallers
from pivot_app.ledger import Account, DynamoDBLedger
from pivot_app.live_debug.exchange import Exchange
from pivot_app.menus import _calls as menus_in_calls
from pivot_app.settings import settings
from pivotctl.data import Deployment, parse, push
from pivotctl.local_stack import function_environment
from pivotctl.local_stack.demo_data import write_secrets
from pivotctl.tokens import TenantAdmin
from tests.conftest import Tables

NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
CALLER = "+14155550100"
MENUS = """\
kind: menus
start: main
menus:
  main:
    prompt: "{word}. Press 1."
    keys:
      1: {{do: menu, menu: second}}
  second:
    prompt: "Second {word}. Press 1 for your balance."
    keys:
      1: {{do: balance}}
      2: {{do: menu, menu: main}}
"""


class Line:
    """One KAZOO account with its documents, and calls to it."""

    def __init__(self, tables: Tables, build: KazooBuild = "4.3") -> None:
        self.build = build
        self.account = uuid.uuid4().hex
        self.tables = tables
        self.token = (
            TenantAdmin.at(tables.client, tables.names["TenantsTable"], "/pivot-lambda/local")
            .create(
                self.account,
                {
                    "kazoo_version": "5" if build == "5" else "4.3",
                    "language": "en-us",
                    "region": "US",
                    "time_zone": "UTC",
                    "debug": {"enabled": True, "sample": 1.0},
                },
            )
            .pivot
        )

    def push(self, text: str) -> None:
        """Put a document live."""
        names = self.tables.names
        deployment = Deployment(
            self.tables.client("dynamodb"),
            names["DocumentsTable"],
            names["CallersTable"],
            names["AccountsTable"],
        )
        push(deployment, self.account, parse(text, "test.yaml"), author="tests", now=NOW)

    def customer(self, account_id: str, micros: int, number: str = CALLER, name: str = "Ada") -> None:
        """Open an account with money."""
        dynamodb, names = self.tables.client("dynamodb"), self.tables.names
        ledger = DynamoDBLedger(dynamodb, names["AccountsTable"])
        ledger.create(Account(kazoo_account_id=self.account, account_id=account_id, currency="USD"))
        ledger.top_up(self.account, account_id, micros, reference="first", now=NOW)
        callers = DynamoDBCallers(dynamodb, names["CallersTable"])
        callers.put(self.account, Caller(number=number, account_id=account_id, name=name))

    def call(self, path: str = "/menu", caller: str = CALLER) -> Any:
        """Place a call."""
        handlers = {}
        for function in ("menu", "menu_selection", "call_routing"):
            handlers[f"/{function}"] = import_module(f"functions.{function}.app").handler
        target = InProcess(handlers, token=self.token)
        simulator = Simulator(target, self.build, account_id=self.account)
        return simulator.call(caller, "+14155550199", path=path)


@pytest.fixture
def tables(emulator: Tables, as_deployed: None, monkeypatch: pytest.MonkeyPatch) -> Tables:
    """The emulator, as the functions of this process see it."""
    for variable, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(variable, value)
    settings.cache_clear()
    write_secrets(emulator.emulator, emulator.names, "/pivot-lambda/local")
    for function in ("menu", "menu_selection", "call_routing"):
        import_module(f"functions.{function}.app").handler.forget()
    return emulator


@pytest.fixture
def line(tables: Tables, kazoo_build: KazooBuild) -> Line:
    """A KAZOO account of its own."""
    return Line(tables, kazoo_build)


def test_a_call_in_progress_finishes_on_the_version_it_began_with(line: Line) -> None:
    """Whatever is pushed meanwhile; the next call gets the new words."""
    line.push(MENUS.format(word="old"))
    call = line.call()
    call.hears("old. Press 1.")
    line.push(MENUS.format(word="new"))
    call.presses("1").hears("Second old.").presses("2").hears("old. Press 1.")
    line.call().hears("new. Press 1.").presses("1").hears("Second new.")


def test_a_menu_named_in_the_address_is_where_the_call_begins(line: Line) -> None:
    """And one that does not exist gets the fallback, not silence."""
    line.push(MENUS.format(word="x"))
    line.call("/menu?menu=second").hears("Second x.")
    line.call("/menu?menu=nowhere").hears("something went wrong").ends()


def test_without_documents_the_caller_hears_the_fallback(line: Line) -> None:
    """From all three callbacks."""
    for path in ("/menu", "/menu_selection", "/call_routing"):
        line.call(path).hears("something went wrong").ends()


@pytest.fixture
def reads(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The tables that are read, in order; nothing is cached from before."""
    monkeypatch.setattr(menus_in_calls, "_pages", PageCache(menus_in_calls.read_page))
    asked: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        # Who asks is known for a minute; what counts here is what a step needs.
        if params["TableName"] != tables.names["TenantsTable"]:
            asked.append(params["TableName"])

    events = aws.client("dynamodb").meta.events
    events.register("provide-client-params.dynamodb.GetItem", note)
    yield asked
    events.unregister("provide-client-params.dynamodb.GetItem", note)


def test_a_step_reads_one_row_of_its_document(line: Line, reads: list[str]) -> None:
    """The pointer brings the first menu along; a menu in memory costs nothing, one that is not a step of its
    own."""
    line.push(MENUS.format(word="x"))
    line.customer("1", 5_000_000)
    call = line.call()
    call.hears("Press 1.")
    assert reads == ["DocumentsTable"]
    reads.clear()
    call.presses("1").hears("Second x.")
    assert reads == ["DocumentsTable"]
    assert [urlsplit(request.url).path for request in call.requests][-2:] == ["/menu_selection", "/menu"]
    reads.clear()
    call.presses("2").hears("x. Press 1.").presses("1").hears("Second x.")
    assert reads == []
    call.presses("1").hears("five dollars").hears("Second x.")
    assert reads == ["CallersTable", "AccountsTable"]
    reads.clear()
    call.presses("1").hears("five dollars")
    assert reads == ["AccountsTable"]


def test_data_of_one_kazoo_account_never_appears_for_another(tables: Tables) -> None:
    """The same caller, the same account number, the same names of menus: two different worlds."""
    one, other = Line(tables), Line(tables)
    for each, word, micros, name in ((one, "apple", 5_000_000, "Ada"), (other, "pear", 9_000_000, "Bob")):
        each.push(MENUS.format(word=f"{word} {{caller.name}}"))
        each.customer("1", micros, name=name)
        each.push(
            "kind: routing\nroutes:\n  default:\n    rules:\n      - name: known\n"
            "        when: [{test: known_caller}]\n"
            f"        then: {{do: hang_up, say: 'Routed {word}.'}}\n    otherwise: hang_up\n"
        )
    for each, word, balance, name in ((one, "apple", "five", "Ada"), (other, "pear", "nine", "Bob")):
        call = (
            each.call()
            .hears(f"{word} {name}.")
            .presses("1")
            .presses("1")
            .hears(f"balance is {balance} dollars")
        )
        heard = " ".join(call.heard)
        assert not any(
            foreign in heard
            for foreign in ({"apple", "Ada", "five", "pear", "Bob", "nine"} - {word, name, balance})
        )
        each.call("/call_routing").hears(f"Routed {word}.")
    third = Line(tables)
    third.call().hears("something went wrong")
    assert DocumentStore(tables.client("dynamodb"), "DocumentsTable").head(third.account, "menus") is None


def test_a_caller_of_the_other_account_cannot_use_its_token(tables: Tables) -> None:
    """The token belongs to one KAZOO account: with another's Account-ID it opens nothing."""
    one, other = Line(tables), Line(tables)
    one.push(MENUS.format(word="secret"))
    other.account, other_account = one.account, other.account
    call = other.call()
    call.ends()
    assert call.heard == []
    assert other_account != one.account


def test_sensitive_digits_are_stored_nowhere(line: Line) -> None:
    """Not with the exchange, not in the call's state, not in a later request."""
    line.push(
        "kind: menus\nstart: main\nmenus:\n  main:\n    prompt: PIN please.\n    digits: 6\n    "
        "sensitive: true\n"
        "    any: {do: check_pin, correct: hang_up}\n    tries: 2\n"
    )
    call = line.call().hears("PIN").presses("918273").hears("not one of the choices").presses("192837").ends()
    for request in call.requests[2:]:
        assert "918273" not in json.dumps(request.to_dict())
    for table in ("ExchangesTable", "CallStateTable"):
        for item in line.tables.every_item(table):
            if line.account in item["pk"]["S"]:
                text = json.dumps(item, default=str)
                if table == "ExchangesTable":
                    text += repr(Exchange.from_item(item))
                assert "918273" not in text
                assert "192837" not in text


def test_live_debug_says_which_rule_decided(line: Line) -> None:
    """And of the earlier ones why they did not."""
    line.push(
        "kind: routing\nroutes:\n  default:\n    rules:\n      - name: strangers only\n"
        "        when: [{test: caller_number, one_of: anonymous}]\n        then: hang_up\n"
        "    otherwise: {do: hang_up, say: Hello.}\n"
    )
    line.call("/call_routing").hears("Hello.").ends()
    items = line.tables.every_item("ExchangesTable")
    (exchange,) = [Exchange.from_item(item) for item in items if line.account in item["pk"]["S"]]
    kinds = [(each["kind"], each["facts"]["rule"]) for each in exchange.explanations]
    assert kinds == [("rule missed", "strangers only"), ("rule", "otherwise")]
    assert (
        "+14155550100" in exchange.explanations[0]["facts"]["why"]
        or "caller_number" in exchange.explanations[0]["facts"]["why"]
    )
