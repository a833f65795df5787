"""`pivot data` and `pivot explain`, from the command line to the emulator and back."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from pivot_app.documents import DocumentStore
from pivot_app.identity import DynamoDBCallers
from pivot_app.ledger import Account, DynamoDBLedger
from pivotctl.cli import app
from pivotctl.local_stack import function_environment
from tests.conftest import Tables

MENUS = """\
kind: menus   # the one and only
start: main
menus:
  main:
    prompt: Press 1 for help.
    keys:
      1: {do: menu, menu: help}
  help:
    prompt: Press star to go back.
    keys:
      "*": back
"""
ROUTING = """\
kind: routing
time_zone: America/New_York
routes:
  default:
    rules:
      - name: weekend
        when: [{test: weekday, days: "sat,sun"}]
        then: hang_up
      - name: vip
        when: [{test: caller_attribute, name: vip, one_of: "yes"}]
        then: {do: menu, menu: main}
    otherwise: {do: ring_number, number: +12125550100}
"""
CALLERS = """\
kind: callers
accounts:
  "9001":
    {name: Ada, language: es, numbers: [+14155550131, +14155550132], attributes: {vip: true}, pin: "4719"}
"""


@pytest.fixture
def account() -> str:
    """A KAZOO account nobody else uses."""
    return uuid.uuid4().hex


@pytest.fixture
def run(emulator: Tables, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs a command line; texts of documents become files."""
    for name, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(name, value)

    def run_command(*arguments: str) -> Any:
        made = []
        for argument in arguments:
            if argument.startswith("kind:"):
                path = tmp_path / f"{len(list(tmp_path.iterdir()))}.yaml"
                path.write_text(argument)
                made.append(str(path))
            else:
                made.append(argument)
        return CliRunner().invoke(app, made)

    return run_command


def documents(emulator: Tables) -> DocumentStore:
    """The emulator's documents."""
    return DocumentStore(emulator.client("dynamodb"), emulator.names["DocumentsTable"])


def test_push_diff_pull_history_and_rollback(run: Any, emulator: Tables, account: str) -> None:
    """The life of a document."""
    pushed = run("data", "push", MENUS, "--account", account, "-m", "first")
    assert pushed.stdout == "menus, 2 menus, live as version 1\n"
    assert run("data", "pull", "menus", "--account", account).stdout == MENUS

    changed = MENUS.replace("for help", "for some help").replace('"*": back', '"*": back\n      1: repeat')
    differing = run("data", "diff", changed, "--account", account).stdout
    assert '~ menus.main.prompt.en: "Press 1 for help." -> "Press 1 for some help."' in differing
    assert '+ menus.help.keys.1: {"do": "repeat"}' in differing
    assert differing.endswith("2 differences from menus version 1\n")

    assert "version 2" in run("data", "push", changed, "--account", account, "--expected", "1").stdout
    conflict = run("data", "push", MENUS, "--account", account, "--expected", "1")
    assert conflict.exit_code == 1
    assert "version 2 of menus is live, not 1" in conflict.stderr

    assert "version 1 of menus is live" in run("data", "rollback", "menus", "1", "--account", account).stdout
    lines = run("data", "history", "menus", "--account", account).stdout.splitlines()
    assert [line.split()[:2] for line in lines][1] == ["1", "live"]
    assert lines[1].endswith("first")
    assert run("data", "pull", "menus", "--account", account).stdout == MENUS


@pytest.mark.parametrize(
    "change",
    [
        ("menu: help", "menu: hlep"),
        ("1: {do", "x: {do"),
        ("start: main", "start: nowhere"),
        ("prompt: Press 1 for help.", "prompt: " + "x" * 1001),
        ("prompt: Press 1 for help.", "prompt: " + "x" * 990 + " {caller.name}"),
        ('"*": back', '"*": back\n    give_up: repeat'),
        ("kind: menus", "kind: menus\nkind: menus"),
    ],
)
def test_what_is_wrong_never_goes_live(
    run: Any, emulator: Tables, account: str, change: tuple[str, str]
) -> None:
    """The place is told, and the live data stays as it was."""
    run("data", "push", MENUS, "--account", account)
    failed = run("data", "push", MENUS.replace(*change), "--account", account)
    assert failed.exit_code == 1
    assert ".yaml:" in failed.stderr
    assert "error:" in failed.stderr
    assert "Traceback" not in failed.stderr
    head = documents(emulator).head(account, "menus")
    assert head is not None
    assert head.version == 1
    assert len(documents(emulator).history(account, "menus")) == 1


def test_lint_tells_of_every_file(run: Any) -> None:
    """The good one is said to be good, although the other is not."""
    checked = run("data", "lint", MENUS, MENUS.replace("menu: help", "menu: hlep"), ROUTING)
    assert checked.exit_code == 1
    assert checked.stdout.count("fit to go live on KAZOO 4.3") == 2
    assert "did you mean 'help'?" in checked.stderr


def test_rules_and_menus_are_checked_together(run: Any) -> None:
    """A rule that leads to a menu of the other file, and one that leads nowhere."""
    assert run("data", "lint", MENUS, ROUTING).exit_code == 0
    checked = run("data", "lint", MENUS, ROUTING.replace("menu: main", "menu: mian"))
    assert checked.exit_code == 1
    assert ":11:26: error: routes.default.rules.1.then.menu: there is no menu 'mian'" in checked.stderr


def test_callers_go_live_without_touching_money(run: Any, emulator: Tables, account: str) -> None:
    """Profile and numbers; a file without the PIN leaves the one there is."""
    dynamodb = emulator.client("dynamodb")
    missing = run("data", "push", CALLERS, "--account", account)
    assert "no such account: 9001; create it" in missing.stderr
    ledger = DynamoDBLedger(dynamodb, emulator.names["AccountsTable"])
    ledger.create(Account(kazoo_account_id=account, account_id="9001", currency="USD", credited_micros=0))
    assert "1 accounts with 2 numbers, live" in run("data", "push", CALLERS, "--account", account).stdout

    callers = DynamoDBCallers(dynamodb, emulator.names["CallersTable"])
    for number in ("+14155550131", "+14155550132"):
        caller = callers.find(account, number)
        assert caller is not None
        assert (caller.account_id, caller.name) == ("9001", "Ada")
        assert caller.attributes == {"language": "es", "vip": True}
        assert callers.find(account[::-1], number) is None
    stored = ledger.account(account, "9001")
    assert stored is not None
    pin = stored.profile["pin"]
    assert pin.startswith("scrypt$")
    run("data", "push", CALLERS.replace(', pin: "4719"', "").replace("Ada", "Ada L"), "--account", account)
    stored = ledger.account(account, "9001")
    assert stored is not None
    assert (stored.profile["pin"], stored.profile["name"]) == (pin, "Ada L")


def test_callers_come_back_as_they_were_pushed(
    run: Any, emulator: Tables, account: str, tmp_path: Path
) -> None:
    """What was pulled differs in nothing from what is live; the PIN stays although it is not in the file."""
    ledger = DynamoDBLedger(emulator.client("dynamodb"), emulator.names["AccountsTable"])
    for account_id in ("9001", "9002"):
        ledger.create(
            Account(kazoo_account_id=account, account_id=account_id, currency="USD", credited_micros=0)
        )
    document = """\
kind: callers
accounts:
  "9001":
    name: Ada
    attributes: {vip: true}
    support: {kind: ring_group, ids: [a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60]}
    numbers: {+14155550131: {}, +14155550132: {name: Ada's office, attributes: {vip: false, desk: "7"}}}
  "9002": {name: Bo, language: es, numbers: [+14155550133]}
"""
    run("data", "push", document, "--account", account)
    output = tmp_path / "pulled.txt"
    assert "callers is in" in run("data", "pull", "callers", "--account", account, "-o", str(output)).stdout
    pulled = output.read_text().partition("\n")[2]
    assert run("data", "diff", pulled, "--account", account).stdout.startswith("0 differences")
    assert run("data", "diff", document, "--account", account).stdout.startswith("0 differences")
    changed = run("data", "diff", document.replace("name: Bo", "name: Bob"), "--account", account).stdout
    assert '~ accounts.9002.name: "Bo" -> "Bob"' in changed
    assert "have no versions" in run("data", "pull", "callers", "--version", "1", "--account", account).stderr
    assert "no callers" in run("data", "pull", "callers", "--account", uuid.uuid4().hex).stderr


def test_a_number_taken_from_the_file_no_longer_opens_the_account(
    run: Any, emulator: Tables, account: str
) -> None:
    """Who has the number next must not hear this balance; other accounts keep what they have."""
    dynamodb = emulator.client("dynamodb")
    ledger = DynamoDBLedger(dynamodb, emulator.names["AccountsTable"])
    for account_id in ("9001", "9002"):
        ledger.create(
            Account(kazoo_account_id=account, account_id=account_id, currency="USD", credited_micros=0)
        )
    other = CALLERS.replace("9001", "9002").replace("5550131", "5550141").replace("5550132", "5550142")
    run("data", "push", CALLERS, "--account", account)
    run("data", "push", other, "--account", account)
    fewer = CALLERS.replace(", +14155550132", "")
    assert "- accounts.9001.numbers.+14155550132" in run("data", "diff", fewer, "--account", account).stdout
    run("data", "push", fewer, "--account", account)
    callers = DynamoDBCallers(dynamodb, emulator.names["CallersTable"])
    assert callers.find(account, "+14155550132") is None
    assert callers.find(account, "+14155550131") is not None
    assert callers.find(account, "+14155550141") is not None


def test_menus_that_live_rules_lead_to_stay(run: Any, emulator: Tables, account: str) -> None:
    """Neither a push nor a rollback takes a menu away under the rules that name it."""
    elsewhere = MENUS.replace("main", "other")
    run("data", "push", elsewhere, "--account", account)
    run("data", "push", MENUS, "--account", account)
    run("data", "push", ROUTING, "--account", account)
    for refused in (
        run("data", "push", elsewhere, "--account", account),
        run("data", "rollback", "menus", "1", "--account", account),
    ):
        assert refused.exit_code == 1
        assert "lacks a menu that live rules lead to: routes.default.rules.1.then.menu (line 11)" in (
            refused.stderr
        )
    head = documents(emulator).head(account, "menus")
    assert head is not None
    assert head.version == 2
    without = ROUTING.replace("{do: menu, menu: main}", "hang_up")
    run("data", "push", without, "--account", account)
    assert run("data", "push", elsewhere, "--account", account).exit_code == 0
    assert "there is no menu 'main'" in run("data", "rollback", "routing", "1", "--account", account).stderr


def test_explain_names_the_rule_and_why_not_the_earlier_ones(run: Any, account: str) -> None:
    """From a file, or from what is live, at any time of any caller."""
    call = ["--from", "+14155550100", "--to", "+12125550199", "--at", "2026-01-05T12:00"]
    path = run("explain", *call, "--file", ROUTING)
    assert path.stdout.splitlines()[:3] == [
        "  no   weekend: it is mon, not sat,sun",
        "  no   vip: there is no attribute vip",
        "  yes  otherwise",
    ]
    assert "ring_number" in path.stdout.splitlines()[3]
    vip = run("explain", *call, "--file", ROUTING, "--attribute", "vip=yes")
    assert "yes  vip" in vip.stdout
    nowhere = run("data", "push", ROUTING, "--account", account)
    assert nowhere.exit_code == 1
    assert "there is no menu 'main' among the menus; push those first" in nowhere.stderr
    run("data", "push", MENUS, "--account", account)
    run("data", "push", ROUTING, "--account", account)
    live = run("explain", *call, "--account", account)
    assert "yes  otherwise" in live.stdout
    assert "is not a time" in run("explain", *call[:4], "--at", "noon", "--file", ROUTING).stderr
    assert "no routing rules were pushed" in run("explain", *call, "--account", uuid.uuid4().hex).stderr


def test_graphs_are_mermaid_and_svg(run: Any, tmp_path: Path) -> None:
    """Every menu and rule is in them; the picture is well-formed whatever a text holds."""
    hostile = MENUS.replace("Press 1 for help.", "'<script>\"&]] | # {caller.name}'")
    mermaid = run("data", "graph", hostile).stdout
    assert mermaid.startswith("flowchart TD\n")
    assert 'menu_main -->|"1"| menu_help' in mermaid
    assert "<script>" not in mermaid
    output = tmp_path / "graph.svg"
    run("data", "graph", hostile, "--format", "svg", "-o", str(output))
    texts = [text.text for text in ElementTree.parse(output).iter() if text.tag.endswith("text")]
    assert "main" in texts
    assert "help" in texts
    rules = run("data", "graph", ROUTING).stdout
    assert "weekend" in rules
    assert '-->|"no"|' in rules


def test_a_picture_of_many_menus_is_not_wider_than_one_can_look_at(run: Any, tmp_path: Path) -> None:
    """Ten menus of ten keys each."""
    keys = "".join(f"      {key}: {{do: say, text: Key {key}}}\n" for key in range(10))
    menus = "".join(f"  m{n}:\n    prompt: Menu {n}\n    keys:\n{keys}" for n in range(10))
    output = tmp_path / "graph.svg"
    made = run("data", "graph", f"kind: menus\nstart: m0\nmenus:\n{menus}", "-f", "svg", "-o", str(output))
    assert made.stdout.startswith("110 boxes")
    assert int(ElementTree.parse(output).getroot().attrib["width"]) < 3500


def test_a_graph_can_be_a_picture(run: Any, tmp_path: Path, chromium: str) -> None:
    """PNG is drawn by the system's Chromium from the SVG."""
    output = tmp_path / "graph.png"
    run("data", "graph", MENUS, "--format", "png", "-o", str(output))
    assert output.read_bytes().startswith(b"\x89PNG")


def test_without_chromium_a_picture_is_refused_with_the_remedy(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is written."""
    monkeypatch.setattr("pivotctl.chromium.find", lambda: None)
    output = tmp_path / "graph.png"
    result = run("data", "graph", MENUS, "--format", "png", "-o", str(output))
    assert result.exit_code == 1
    assert "install it" in result.stderr
    assert not output.exists()
