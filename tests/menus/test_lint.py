"""What lint finds in a menus document."""

from __future__ import annotations

from typing import Any

import pytest

from pivotctl.data import lint, load
from pivotctl.data.lint import Diagnostic

USER, BOX = "a" * 32, "b" * 32


def findings(menus: dict[str, Any], level: str = "error", **settings: Any) -> list[Diagnostic]:
    """What lint finds in a document that begins with `main`."""
    doc = load({"kind": "menus", "start": "main", "menus": menus, **settings})
    return [found for found in lint(doc) if found.level == level]


def menu(prompt: str = "Press 1.", **fields: Any) -> dict[str, Any]:
    """A menu that is right unless the fields say otherwise."""
    return {"prompt": prompt, "keys": {"1": "hang_up"}, **fields}


def test_a_good_document_has_no_findings() -> None:
    """Nested menus, back and repeat are not mistakes."""
    menus = {
        "main": menu(keys={"1": {"do": "menu", "menu": "sub"}, "2": {"do": "balance"}}),
        "sub": menu(keys={"*": "back", "1": "repeat"}),
    }
    assert findings(menus) == []
    assert findings(menus, "warning") == []


def test_a_target_that_does_not_exist_is_named_with_the_nearest_that_does() -> None:
    """Deep inside a failure branch, too."""
    ring = {"do": "ring_user", "id": USER, "failed": {"do": "menu", "menu": "suport"}}
    found = findings({"main": menu(keys={"1": ring}), "support": menu()})
    assert found[0].path == "menus.main.keys.1.failed.menu"
    assert found[0].message == "there is no menu 'suport'; did you mean 'support'?"


def test_a_start_and_a_schedule_that_do_not_exist() -> None:
    """Both are named at their place."""
    hours = {"schedule": "office", "closed": "hang_up"}
    found = findings({"mane": menu(hours=hours)})
    assert [each.path for each in found] == ["start", "menus.mane.hours.schedule"]


def test_a_menu_no_key_leads_to_is_a_warning() -> None:
    """It may still be entered by its name."""
    found = findings({"main": menu(), "lost": menu()}, "warning")
    assert [each.path for each in found] == ["menus.lost"]


@pytest.mark.parametrize(
    "circle",
    [
        {"main": menu(give_up="repeat")},
        {
            "main": menu(give_up={"do": "menu", "menu": "b"}),
            "b": menu(give_up={"do": "menu", "menu": "main"}),
        },
        {"main": menu(no_input={"give_up": {"do": "say", "text": "Again."}})},
        {"main": menu(give_up={"do": "ring_user", "id": USER, "failed": {"do": "menu", "menu": "main"}})},
        {
            "main": menu(keys={"1": {"do": "menu", "menu": "b"}}),
            "b": menu(give_up="back", keys={"1": "back"}),
            "c": menu(give_up={"do": "menu", "menu": "c"}),
        },
    ],
)
def test_a_silent_caller_must_come_to_an_end(circle: dict[str, Any]) -> None:
    """Circles without a key press, however they are made."""
    assert any("silent caller" in found.message for found in findings(circle))


def test_a_longer_key_that_begins_with_a_shorter_one_is_a_warning() -> None:
    """Callers of the shorter one wait."""
    found = findings({"main": menu(digits=2, keys={"1": "hang_up", "12": "repeat"})}, "warning")
    assert [each.path for each in found] == ["menus.main.keys.1"]


def test_missing_languages_are_warnings_and_unknown_ones_errors() -> None:
    """A language switch to a language the document does not have is a mistake."""
    menus = {"main": menu(keys={"1": {"do": "language", "language": "fr"}})}
    assert [each.path for each in findings(menus, "warning", languages=["en", "es"])] == ["menus.main.prompt"]
    assert [each.path for each in findings(menus, languages=["en", "es"])] == ["menus.main.keys.1.language"]


def test_a_text_that_may_grow_too_long_is_an_error() -> None:
    """Placeholders count with what they may be filled with."""
    found = findings({"main": menu("x" * 950 + " {caller.name}.")})
    assert [each.path for each in found] == ["menus.main.prompt.en"]
    found = findings({"main": menu("x" * 600, greeting="y" * 600)})
    assert [each.path for each in found] == ["menus.main.greeting"]


@pytest.mark.parametrize("field", ["no_input", "no_match"])
def test_what_is_said_before_a_question_again_counts_with_it(field: str) -> None:
    """In the language where it is longest; our own words count too. The end of the question would be lost."""
    texts = {field: {"say": {"en": "Sorry.", "es": "y" * 200}}}
    prompt = {"en": "Press 1.", "es": "x" * 900}
    found = findings({"main": menu(**texts) | {"prompt": prompt}}, languages=["en", "es"])
    assert [each.path for each in found] == [f"menus.main.{field}.say"]
    assert findings({"main": menu(**texts)}, languages=["en"]) == []
    assert {each.path for each in findings({"main": menu("x" * 995)})} == {
        "menus.main.no_input.say",
        "menus.main.no_match.say",
    }


def test_a_pin_must_be_sensitive_and_belong_to_a_key() -> None:
    """So that its digits are stored nowhere."""
    pin = {"do": "check_pin", "correct": "hang_up"}
    assert "sensitive" in findings({"main": menu(any=pin)})[0].message
    assert "no digits" in findings({"main": menu(sensitive=True, give_up=pin)})[0].message


def test_a_chain_of_failure_branches_grows_by_pivots() -> None:
    """A failed call through carriers runs one of nine branches: none of them holds the rest of the chain."""
    branch: dict[str, Any] = {"do": "voicemail", "id": BOX}
    for digit in range(30):
        branch = {"do": "ring_number", "number": f"+141555501{digit:02}", "failed": branch}
    assert findings({"main": menu(keys={"1": branch})}) == []


def test_a_flow_that_is_too_big_is_an_error_that_says_where() -> None:
    """It would make the caller wait."""
    action: Any = "hang_up"
    for _ in range(70):
        action = {"do": "say", "text": "x" * 990, "then": action}
    found = [each for each in findings({"main": menu(keys={"1": action})}) if "bytes" in each.message]
    assert found
    assert "_ > _" in found[0].message


@pytest.mark.parametrize(
    ("wrong", "right"), [("caller.naem", "caller.name"), ("account.balanse", "account.balance")]
)
def test_a_placeholder_with_a_slip_is_a_warning(wrong: str, right: str) -> None:
    """Nobody would hear its sentence; attributes with names of their own are fine."""
    found = findings({"main": menu(f"Hello {{{wrong}}}. Press 1.")}, "warning")
    assert [each.path for each in found] == ["menus.main.prompt"]
    assert f"did you mean {{{right}}}?" in found[0].message
    assert findings({"main": menu("Hello {caller.title}, {account.plan}. Press 1.")}, "warning") == []


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ({"to": "{call.digits}", "account": "1001"}, ""),
        ({"conect": "user"}, "did you mean connect?"),
        ({"number": "{call.digits}"}, "parameter number: unknown"),
        ({"connect": "user"}, "needs the id of a user"),
        ({"connect": "user", "id": "{caller.name}"}, ""),
        ({"announce": "all"}, "parameter announce"),
    ],
)
def test_a_query_that_the_balance_gate_refuses_is_an_error(query: dict[str, str], remedy: str) -> None:
    """Found before a caller hears the apology, with the gate's own words."""
    gate = {"do": "callback", "path": "balance_gate", "query": query}
    found = [each for each in findings({"main": menu(digits=18, any=gate)}) if each.place[-1:] == ("query",)]
    assert [remedy in each.message for each in found] == ([True] if remedy else [])
