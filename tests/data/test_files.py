"""Malformed documents: file, line, column, and what to do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pivotctl.data import FileError, Mistake, parse, read

GOOD = """\
kind: menus
start: main
menus:
  main:
    prompt: Press 1.
    keys:
      1: hang_up
"""


def mistakes(text: str) -> list[str]:
    """The mistakes in a document, each without the file's name."""
    with pytest.raises(FileError) as caught:
        parse(text, "m.yaml")
    return [str(mistake).removeprefix("m.yaml:") for mistake in caught.value.mistakes]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            "{test: schedule, schedule: office, is: opened}",
            "7:51: error: routes.default.rules.0.when.0.is: must be 'open', 'closed' or 'holiday'",
        ),
        (
            "{test: caller_number, one_of: {a: b}}",
            "7:38: error: routes.default.rules.0.when.0.one_of: must be a list, not a mapping",
        ),
        (
            "{test: caller_number, one_of: true}",
            "7:38: error: routes.default.rules.0.when.0.one_of: must be a text, not true or false",
        ),
    ],
)
def test_a_wrong_condition_is_told_at_the_field_itself(condition: str, expected: str) -> None:
    """Also where a field is called as the condition is."""
    rules = f"""\
kind: routing
routes:
  default:
    otherwise: hang_up
    rules:
      - name: a
        when: [{condition}]
        then: hang_up
"""
    assert any(each.startswith(expected) for each in mistakes(rules)), mistakes(rules)


def test_numbers_need_no_quotes() -> None:
    """Neither in rules nor for callers, and one needs no list."""
    rules = """\
kind: routing
routes:
  default:
    otherwise: hang_up
    rules:
      - {name: a, when: [{test: caller_number, one_of: 1001}], then: hang_up}
      - {name: b, when: [{test: dialled, one_of: [2000, +14155550100]}], then: hang_up}
"""
    route = parse(rules, "r.yaml").document.page("default").route  # type: ignore[union-attr]
    assert set(route.rules[0].when[0].one_of) == {"1001"}
    assert set(route.rules[1].when[0].one_of) == {"2000", "+14155550100"}
    callers = "kind: callers\naccounts: {1001: {numbers: +14155550100}}\n"
    assert list(parse(callers, "c.yaml").document.accounts["1001"].numbers) == [  # type: ignore[union-attr]
        "+14155550100"
    ]


def test_what_yaml_finds_hard_comes_with_the_remedy() -> None:
    """A colon in a text, and brackets without end; an anchor named twice is nothing to complain of."""
    assert "put a text with a colon in quotes" in mistakes(GOOD.replace("Press 1.", "Billing: press 1."))[0]
    before = sys.getrecursionlimit()
    # Other tests of the same run may have left it higher, where the same text is only "not YAML".
    sys.setrecursionlimit(1000)
    try:
        assert mistakes("kind: menus\nx: " + "[" * 5000)[0].endswith("nested too deeply to be read")
    finally:
        sys.setrecursionlimit(before)
    assert parse(GOOD.replace("main\n", "&a main\n", 1).replace("hang_up", "&a hang_up"), "m.yaml")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ("hang_up", "hang_upp"),
            "7:7: error: menus.main.keys.1: do 'hang_upp' is unknown; did you mean 'hang_up'?",
        ),
        (
            ("    prompt:", "    promt:"),
            "5:5: error: menus.main.promt: there is no field 'promt' here; did you mean 'prompt'?",
        ),
        (
            ("Press 1.", "''"),
            "5:5: error: menus.main.prompt: the text in en is empty; tts needs at least one character",
        ),
        (("Press 1.", "Hello {caller.name"), "5:5: error: menus.main.prompt: a brace is outside"),
        (
            ("Press 1.", "'{weather.today}'"),
            "5:5: error: menus.main.prompt: no data is called 'weather.today'",
        ),
        (("1: hang_up", "1: {do: ring_user}"), "7:7: error: menus.main.keys.1: the field 'id' is missing"),
        (
            ("1: hang_up", "1: {id: abc}"),
            "7:7: error: menus.main.keys.1: say which one it is: 'do' is missing",
        ),
        (
            ("1: hang_up", "1: {do: ring_user, id: xyz}"),
            "7:26: error: menus.main.keys.1.id: 'xyz' has the wrong form",
        ),
        (
            ("1: hang_up", "12: hang_up"),
            "4:3: error: menus.main: the key 12 has 2 digits but only 1 are collected",
        ),
        (("1: hang_up", "1: hang_up\n      1: repeat"), "8:7: error: the key '1' is given twice"),
        (("start: main", "start: Main"), "2:1: error: start: 'Main' has the wrong form"),
        (
            ("kind: menus", "kind: menu"),
            "1:1: error: kind: must be one of menus, routing, callers, not 'menu'",
        ),
        (("kind: menus\n", ""), "1:1: error: kind is missing; a document begins with `kind: menus`"),
        (
            ("Press 1.", "Press 1.\n    tries: 99"),
            "6:5: error: menus.main.tries: must be less than or equal to 9",
        ),
        (("Press 1.", "Press 1.\n    tries: many"), "6:5: error: menus.main.tries: must be a valid integer"),
        (("Press 1.", "7.5"), "5:5: error: menus.main.prompt: must be a"),
        (("  main:", "\tmain:"), "4:1: error: not YAML"),
        (("start: main", "start: [main"), "3:6: error: not YAML"),
        (("start: main", "start: *nowhere"), "2:8: error: not YAML"),
    ],
)
def test_a_mistake_is_told_at_its_place(change: tuple[str, str], expected: str) -> None:
    """Line and column point at the key or value, the message names the remedy."""
    found = mistakes(GOOD.replace(*change))
    assert any(mistake.startswith(expected) for mistake in found), found


def test_all_mistakes_are_told_at_once() -> None:
    """In the order of the file."""
    text = GOOD.replace("1: hang_up", "1: hang_upp\n      2: {do: menu}\n    tries: 0")
    assert [mistake.split(":")[0] for mistake in mistakes(text)] == ["7", "8", "9"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "'text'",
        "{}",
        "42",
        "kind: [menus]",
        "- kind: menus",
        "\x00",
        "a: &a [*a]",
        "? {a: b}\n: c",
    ],
)
def test_what_is_no_document_at_all(text: str) -> None:
    """A plain error, never a traceback."""
    assert mistakes(text)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_document_is_told_never_a_crash(data: st.DataObject) -> None:
    """Cut, doubled, shuffled or with foreign characters: a document, or mistakes that each name a place."""
    text = GOOD + "schedules:\n  office: {time_zone: UTC, weekly: {mon-fri: '09:00-17:00'}}\n"
    for _ in range(data.draw(st.integers(1, 3))):
        begin = data.draw(st.integers(0, len(text)))
        end = min(len(text), begin + data.draw(st.integers(0, 12)))
        inserted = data.draw(
            st.sampled_from(
                ["", "\t", ":", "- ", "{", "]", "'", "&a ", "*a", "!!x ", "\u2028", "0", "#", "|\n"]
            )
        )
        text = text[:begin] + inserted + text[end:]
    found: list[Mistake] = []
    try:
        parse(text, "m.yaml")
    except FileError as error:
        found = error.mistakes or [Mistake("m.yaml", 0, 0, "")]
    assert all(mistake.line >= 1 and mistake.column >= 1 and mistake.message for mistake in found)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, a folder, or not UTF-8."""
    (tmp_path / "latin1.yaml").write_bytes("kind: menüs".encode("latin-1"))
    for name in ("missing.yaml", ".", "latin1.yaml"):
        with pytest.raises(FileError, match=":1:1: error: the file"):
            read(tmp_path / name)


def test_aliases_are_followed_but_not_without_end() -> None:
    """A few lines that stand for billions of values are refused."""
    bomb = "kind: menus\na: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n"
        for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "values" in mistakes(bomb)[0]


def test_json_is_accepted_and_its_mistakes_have_places_too() -> None:
    """JSON is YAML."""
    document = {
        "kind": "menus",
        "start": "main",
        "menus": {"main": {"prompt": "Press 1.", "keys": {"1": "hang_up"}}},
    }
    assert parse(json.dumps(document, indent=2), "m.json").kind == "menus"
    assert parse(json.dumps(document, indent="\t"), "m.json").kind == "menus"
    document["menus"]["main"]["tries"] = 0  # type: ignore[index]
    (mistake,) = mistakes(json.dumps(document, indent=2))
    assert mistake.startswith("10:7: error: menus.main.tries")


def test_numbers_keep_their_plus_and_their_zeros() -> None:
    """Quoted or not."""
    text = "kind: callers\naccounts:\n  007:\n    numbers: [+14155550100, '+14155550101']\n    pin: '0042'\n"
    source = parse(text, "c.yaml")
    (account,) = source.document.accounts.values()  # type: ignore[union-attr]
    assert list(source.document.accounts) == ["007"]  # type: ignore[union-attr]
    assert list(account.numbers) == ["+14155550100", "+14155550101"]
    assert account.pin == "0042"


def test_a_number_belongs_to_one_account() -> None:
    """Two owners of one number are a mistake."""
    text = "kind: callers\naccounts:\n  1: {numbers: [+14155550100]}\n  2: {numbers: [+14155550100]}\n"
    assert "listed under 1 and 2" in mistakes(text)[0]


def test_a_holiday_calendar_that_does_not_exist() -> None:
    """Named at the desk, not during a call."""
    text = GOOD + "schedules:\n  s: {time_zone: Mars/Base, weekly: {mon: '09:00-17:00'}}\n"
    assert "'Mars/Base' is not a time zone" in mistakes(text)[0]
    text = GOOD + "schedules:\n  s: {time_zone: UTC, weekly: {mon: '09:00-17:00'}, holidays: {country: XX}}\n"
    assert "no public holidays are known for XX" in mistakes(text)[0]
    text = GOOD + "schedules:\n  s: {time_zone: UTC, weekly: {fri-mon: '09:00-17:00'}}\n"
    assert "runs backwards" in mistakes(text)[0]
    text = GOOD + "schedules:\n  s: {time_zone: UTC, weekly: {mon: '17:00-09:00'}}\n"
    assert "split a night at midnight" in mistakes(text)[0]
