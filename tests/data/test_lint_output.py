"""`pivot data lint` for editors, CI and pull requests, in the words of a person who runs numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pivotctl.cli import app
from pivotctl.data import FileError, parse
from pivotctl.data.lint._ids import unknown_ids

GOOD = "kind: menus\nstart: main\nmenus:\n  main:\n    prompt: Press 1.\n    keys:\n      1: hang_up\n"
USER = "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lint a text; returns the result of the command."""
    monkeypatch.delenv("PIVOT_KAZOO_ACCOUNT", raising=False)

    def lint(text: str, *options: str) -> Any:
        path = tmp_path / "m.yaml"
        path.write_text(text)
        return CliRunner().invoke(app, ["data", "lint", str(path), *options])

    return lint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace("    keys", "   keys"), "6:4: error: not YAML: line 6 is indented by 3 spaces"),
        (
            GOOD.replace("Press 1.", '"Press 1: sales'),
            "5:13: error: not YAML: the text that begins on line 5",
        ),
        (GOOD.replace("Press 1.", "'It's 1"), "5:17: error: not YAML: the text before this is over already"),
        (GOOD.replace("    keys", "\tkeys"), "6:1: error: not YAML: line 6 is indented with a tab"),
        (GOOD.replace("  main", "\tmain"), "4:1: error: not YAML: line 4 is indented with a tab"),
        (GOOD.replace("start: main", "start: [main"), "the [ of line 2 is not closed with ]"),
        (GOOD.replace("1: hang_up", "1: {do: hang_up"), "the { of line 7 is not closed with }"),
        (GOOD.replace("start: main", "start: *star"), "put a text that begins with * or & in quotes"),
        (GOOD.replace("start: main", "start"), "2:1: error: not YAML: a key has no colon after it"),
        (
            GOOD.replace("1: hang_up", "1: {do: ring_user, id: 123}"),
            "write the 32 hexadecimal digits of a KAZOO id",
        ),
        (
            GOOD.replace("hang_up", "{do: page_group, endpoints: []}"),
            "endpoints is empty; list the endpoints",
        ),
        (
            GOOD.replace("hang_up", "{do: page_group, endpoints: [{endpoint_type: usr, id: x}]}"),
            "must be 'user', 'device' or 'group'",
        ),
        (GOOD.replace("hang_up", "{do: http, url: x}"), "to tell one about the call use notify"),
        (GOOD.replace("hang_up", "{do: http, url: x}"), "use {test: look_up}"),
        (GOOD.replace("hang_up", "{do: record_call, action: pause}"), "record_call cannot pause"),
        (GOOD.replace("hang_up", "{do: module, module: usr}"), "KAZOO has no module 'usr'"),
        (GOOD.replace("hang_up", "{do: module, module: user, data: {timout: 5}}"), "user: data.timout"),
        (
            GOOD.replace("hang_up", "{do: wait, seconds: '{call.digits}'}"),
            "menus.main.keys.1.seconds: must be a valid integer",
        ),
        (
            GOOD.replace("hang_up", "{do: notify, url: 'https://x.example/{call.digits}', then: repeat}"),
            "values are not possible here",
        ),
    ],
)
def test_a_mistake_comes_with_its_remedy(text: str, expected: str) -> None:
    """Not with the words of a parser or of a regular expression."""
    with pytest.raises(FileError) as caught:
        parse(text, "m.yaml")
    told = str(caught.value)
    assert expected in told
    assert "^" not in told


def test_endpoints_are_members() -> None:
    """KAZOO's own spelling of a ring group means the same."""
    text = GOOD.replace("hang_up", "{do: ring_group, %s}")
    kazoo = f"endpoints: [{{endpoint_type: user, id: {USER}, delay: 5}}]"
    ours = f"members: [{{type: user, id: {USER}, delay_seconds: 5}}]"
    assert parse(text % kazoo, "m.yaml").document == parse(text % ours, "m.yaml").document


def test_every_mistake_is_told_once() -> None:
    """Also one that two rules share by an alias, and one that every flow of a route would show."""
    text = GOOD.replace("1: hang_up", "1: &a {do: ring_user, id: xyz}\n      2: *a")
    with pytest.raises(FileError) as caught:
        parse(text, "m.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == len(set(lines))


def test_json_for_editors(run: Any) -> None:
    """File, line, column, level and message; nothing else on stdout, and the status says whether to stop."""
    done = run(GOOD.replace("hang_up", "{do: menu, menu: mian}"), "--format", "json")
    (mistake,) = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (mistake["line"], mistake["column"], mistake["level"]) == (7, 21, "error")
    assert "did you mean 'main'?" in mistake["message"]
    done = run(GOOD, "--format", "json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def test_annotations_for_a_pull_request(run: Any) -> None:
    """One workflow command for each mistake, its special characters escaped."""
    done = run(GOOD.replace("hang_up", "{do: menu, menu: mian}"), "--format", "github")
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error file=")
    assert ",line=7,col=21::menus.main.keys.1.menu: there is no menu 'mian'" in line


def test_ids_are_checked_against_the_kazoo_account() -> None:
    """Each collection is read once, and one that cannot be read accuses nobody."""
    text = GOOD.replace(
        "1: hang_up",
        f"1: {{do: ring_user, id: {USER}}}\n      2: {{do: voicemail, id: {USER}}}\n"
        f"      3: {{do: hunt, entries: [{{user: {'b' * 32}}}, {{number: '+14155550100'}}]}}",
    )
    asked: list[str] = []

    def ids(collection: str) -> frozenset[str] | None:
        asked.append(collection)
        return {"users": frozenset({USER}), "vmboxes": None}[collection]

    found = list(unknown_ids(parse(text, "m.yaml").document, ids))
    assert [each.path for each in found] == ["menus.main.keys.3.entries.0.user"]
    assert set(asked) == {"users", "vmboxes"}


def test_a_sentence_that_may_vanish_must_not_take_its_keys_along(run: Any) -> None:
    """A stranger has no name: the sentence that offers the key would be left out."""
    lost = run(GOOD.replace("Press 1.", "'{caller.name}, press 1 for sales.'"))
    assert lost.exit_code == 0 or "does not hear of the key 1" in lost.stderr
    lost = run(GOOD.replace("Press 1.", "'Hello {caller.name} press 1 for sales.'"))
    assert "does not hear of the key 1" in lost.stderr
    assert lost.exit_code == 1
    assert run(GOOD.replace("Press 1.", "'Hello {caller.name}. Press 1.'")).exit_code == 0
