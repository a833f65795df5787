"""A walk over every command: help, `--json` on what lists or shows, and ids that are never cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pivotctl.cli import app
from pivotctl.deployment import Deployment
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, seed
from tests.conftest import Tables
from tests.deploy.test_cli import LEAVES

ROOT = Path(__file__).resolve().parents[2]
# These change or run something, or draw; every other command lists or shows.
ACTS = """
accounts create, accounts import, accounts import-deny-list, accounts own-rates, accounts roll-back-rates,
accounts unlock, data graph, data push, data rollback, debug, delete, demo, deploy, dev, down, events, export,
kazoo, new, phone, privacy erase, restore, rollback, tenant remove, token migrate, token revoke,
token rotate-key, token rotate-state-key, token set, up
"""
SHOWS = [
    "accounts deny-lists",
    "accounts holds 1001",
    "accounts list",
    "accounts plans",
    "accounts price +442071838750 --for 1010",
    "accounts reconcile",
    "accounts revenue",
    "accounts show 1001",
    "accounts statement 1001",
    "accounts unmatched",
    "accounts unresolved",
    "data diff examples/balance_line/menus.yaml",
    "data history menus",
    "data lint examples/balance_line/menus.yaml",
    "data pull callers",
    "data pull menus",
    "data pull routing",
    "data schema menus",
    "debug-access list",
    "explain --from +14155550100 --to 2000",
    "privacy export +14155550100",
    "tenant list",
    f"tenant show {KAZOO_ACCOUNT}",
    "token list",
    f"token list {KAZOO_ACCOUNT}",
]
OF_A_KAZOO_ACCOUNT = ("accounts", "data", "explain", "privacy")


@pytest.fixture(scope="module", autouse=True)
def demo(emulator: Tables) -> Tables:
    """The demo's data."""
    seed(emulator.emulator, emulator.names)
    return emulator


@pytest.fixture(autouse=True)
def deployment(demo: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables as every command finds them."""
    found = Deployment("local", demo.names, demo.client, "https://x.example")
    monkeypatch.setattr(Deployment, "find", lambda *_, **__: found)
    monkeypatch.chdir(ROOT)


def pivot(*arguments: str) -> Any:
    """Run `pivot`."""
    return CliRunner().invoke(app, list(arguments))


def of_account(words: list[str], account: str = KAZOO_ACCOUNT) -> list[str]:
    """A command line, with the KAZOO account where it takes one."""
    named = words[0] in OF_A_KAZOO_ACCOUNT and words[1] not in ("lint", "schema")
    return [*words, "--kazoo-account", account] if named else words


@pytest.mark.parametrize("name", [name for name, _ in LEAVES])
def test_help_is_there(name: str) -> None:
    """Of every command; each option says what it is for, or its name does."""
    answered = pivot(*name.split()[1:], "--help")
    assert answered.exit_code == 0, answered.output
    assert "Usage" in answered.output


@pytest.mark.parametrize(("name", "command"), LEAVES, ids=[name for name, _ in LEAVES])
def test_what_lists_or_shows_prints_json(name: str, command: Any) -> None:
    """A new command is named in ACTS, or it has --json."""
    acts = {each.strip() for each in ACTS.split(",")}
    assert acts <= {each.removeprefix("pivot ") for each, _ in LEAVES}
    options = {option for param in command.params for option in param.opts}
    assert name.removeprefix("pivot ") in acts or "--json" in options


@pytest.mark.parametrize("line", SHOWS)
def test_its_json_parses(line: str) -> None:
    """The whole of stdout is one document; other words are on stderr."""
    answered = pivot(*of_account(line.split()), "--json")
    assert answered.exit_code == 0, answered.output
    json.loads(answered.stdout)


def test_tables_cut_nothing_when_piped(monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow the terminal was said to be."""
    monkeypatch.setenv("COLUMNS", "40")
    tenants = pivot("tenant", "list")
    tokens = json.loads(pivot("tenant", "list", "--json").stdout)[0]["tokens"]
    assert KAZOO_ACCOUNT in tenants.output
    assert all(token["id"] in tenants.output for token in tokens)
    assert "…" not in tenants.output
    listed = pivot("accounts", "list", "--kazoo-account", KAZOO_ACCOUNT)
    assert "…" not in listed.output


@pytest.mark.parametrize(
    "line",
    [
        "accounts create 77",
        "accounts list",
        "data history menus",
        "data push examples/balance_line/menus.yaml",
        "data pull callers",
        "explain --from +14155550100 --to 2000",
        "export nowhere.jsonl",
        "privacy export +14155550100",
        "tenant show",
    ],
)
def test_an_unknown_kazoo_account_is_refused(line: str, tmp_path: Path) -> None:
    """A mistyped Account-ID gets no money, no menus and no silence."""
    stranger = KAZOO_ACCOUNT[::-1]
    words = line.replace("nowhere", str(tmp_path / "nowhere")).split()
    arguments = [*words, stranger] if words[0] == "tenant" else [*words, "--kazoo-account", stranger]
    answered = pivot(*arguments)
    assert answered.exit_code == 1, answered.output
    assert f"KAZOO account {stranger} is unknown" in answered.output
    assert "pivot tenant list" in answered.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("data lint /nope.yaml", 2, "No such file"),
        ("data lint tests/conftest.py", 1, "conftest.py:1:"),
        ("data diff /nope.yaml", 2, "No such file"),
        ("data pull callers --version 3", 2, "no versions"),
        ("data pull menus --version 99999", 1, "99999"),
        ("explain --from +14155550100 --to 2000 --at soon", 2, "--at 'soon'"),
        ("explain --from +14155550100 --to 2000 --query x", 2, "NAME=VALUE"),
        ("accounts show 4711", 1, "4711"),
        ("accounts shwo 1001", 2, "No such command"),
        ("accounts import-cdrs /nope", 2, "/nope: No such file"),
        ("accounts import /nope", 2, "/nope: No such file"),
        ("call --script /nope --url http://127.0.0.1:1", 2, "/nope: No such file"),
        ("call --replay /nope --url http://127.0.0.1:1", 2, "/nope: No such file"),
        ("load --script /nope --url http://127.0.0.1:1", 2, "/nope: No such file"),
        ("validate /nope", 2, "/nope: No such file"),
        ("provision /nope", 2, "No such file"),
        ("restore /nope", 2, "/nope: No such file"),
        ("events acount_balance", 2, "did you mean 'account_balance'?"),
        ("new ../x", 2, "lower-case words"),
        ("privacy export +1", 2, "not a telephone number"),
        ("logs --since yesterday", 2, "write a number"),
        ("tokn list", 2, "did you mean `pivot token`?"),
    ],
)
def test_exit_codes_are_those_documented(line: str, code: int, told: str) -> None:
    """1: it could not be done, or a check failed; 2: wrong usage."""
    answered = pivot(*of_account(line.split()))
    assert answered.exit_code == code, answered.output
    assert told in answered.output
