"""docs/menus.md, docs/routing.md and the gallery tell the truth: documents pass, Python prints, commands
exist."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from pivot_app.actions import ACTIONS
from pivot_app.conditions import _evaluate
from pivotctl.cli import app
from pivotctl.data import lint, parse

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "docs" / "menus.md",
    ROOT / "docs" / "routing.md",
    *sorted(ROOT.glob("examples/**/README.md")),
]


def blocks(page: Path, language: str) -> list[str]:
    """The page's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda page: page.name)
def test_every_document_is_fit_to_go_live(page: Path) -> None:
    """No error; menus of another document may be named."""
    for text in blocks(page, "yaml"):
        found = list(lint(parse(text, page.name).document, "4.3", lambda _done, _all: None))
        assert [each for each in found if each.level == "error"] == []


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda page: page.name)
def test_every_snippet_prints_what_the_page_says(page: Path) -> None:
    """The page is one session."""
    example = doctest.DocTestParser().get_doctest(
        "".join(blocks(page, "python")), {}, page.name, str(page), 0
    )
    failures: list[str] = []
    result = doctest.DocTestRunner().run(example, out=failures.append)
    assert result.failed == 0, "".join(failures)
    assert result.attempted > 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_exists(page: Path) -> None:
    """With these arguments and options, and the files of the repository."""
    for line in "".join(blocks(page, "console")).splitlines():
        words = shlex.split(line)
        if words[0] == "make":
            continue
        assert words.pop(0) == "pivot"
        command = get_command(app)
        context = command.make_context("pivot", list(words), resilient_parsing=True)
        while words and hasattr(command, "get_command"):
            name = words.pop(0)
            command = command.get_command(context, name)
            assert command is not None, line
            context = command.make_context(name, list(words), parent=context, resilient_parsing=True)
        options = {option for parameter in command.params for option in parameter.opts}
        for word in words:
            if word.startswith("--"):
                assert word in options, line
            if word.startswith("examples/"):
                assert (ROOT / word).exists(), line


def test_every_action_and_condition_is_in_the_tables() -> None:
    """What the tables do not name does not exist, and the other way round."""
    menus, routing = (page.read_text("utf-8") for page in PAGES[:2])
    for name in ACTIONS:
        assert f"`{name}`" in menus, name
    for test in _evaluate._MATCHES:
        assert f"`{test}`" in routing, test
