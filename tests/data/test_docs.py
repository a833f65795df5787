"""docs/menus.md, docs/routing.md and the gallery tell the truth: documents pass, Python prints, commands
exist."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from pivot_app.actions import ACTIONS
from pivot_app.conditions import _evaluate
from pivotctl.data import lint, parse
from tests.commands import check_command

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
        if not line.startswith("make "):
            check_command(line)


def test_every_action_and_condition_is_in_the_tables() -> None:
    """What the tables do not name does not exist, and the other way round."""
    menus, routing = (page.read_text("utf-8") for page in PAGES[:2])
    for name in ACTIONS:
        assert f"`{name}`" in menus, name
    for test in _evaluate._MATCHES:
        assert f"`{test}`" in routing, test
