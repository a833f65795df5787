"""The documentation site: commands exist, documents pass, snippets run, the navigation is complete."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from kazoo_pivot import testing
from pivotctl.data import lint, parse
from tests.commands import check_command
from tools import reference

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.glob("*.md")]
    + [page for folder in ("tutorials", "on-call", "coming-from") for page in (DOCS / folder).glob("*.md")]
    + list((ROOT / "examples").glob("*/README.md"))
)
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?(pivot [a-z].*)$", re.MULTILINE)
INLINE = re.compile(r"`(?:\.venv/bin/)?(pivot [a-z][^`]*)`")


def commands_of(page: Path) -> list[str]:
    """Return every command line of a page, in blocks and in sentences."""
    consoles = "\n".join(blocks(page, "console") + blocks(page, ""))
    return [line.split("  # ")[0] for line in COMMAND.findall(consoles)] + INLINE.findall(page.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_exists(page: Path) -> None:
    """With these options and, for files of the repository, these files."""
    for line in commands_of(page):
        check_command(line, also=frozenset({"--help"}))


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", page.read_text(), re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(text) for _, text in found]


def test_the_first_menu_is_fit_to_go_live() -> None:
    """As a reader pushes it."""
    (text,) = blocks(DOCS / "tutorials" / "first-menu.md", "yaml")
    assert list(lint(parse(text, "menu.yaml").document, "4.3", lambda _done, _all: None)) == []


def test_the_first_callback_answers_both_steps() -> None:
    """As a reader types it."""
    (code,) = blocks(DOCS / "tutorials" / "first-callback.md", "python")
    names: dict[str, Any] = {}
    exec(code, names)
    handler = names["handler"].handler
    asked = handler(testing.call())
    assert [node.module for _, node in asked.walk()][:3] == ["tts", "collect_dtmf", "pivot"]
    assert "Saturday we open at ten" in handler(testing.call(step=1, digits={"day": "6"})).to_json().decode()
    assert "weekdays" in handler(testing.call(step=1, digits={"day": ""})).to_json().decode()


def test_the_navigation_names_every_page() -> None:
    """A page that no menu leads to is found by nobody."""
    named = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text()))
    pages = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    assert pages - {name for name in pages if name.startswith("reference/")} <= named
    assert {name for name in named if not name.startswith("reference/")} <= pages


def test_the_settings_of_the_site_load_nothing_from_elsewhere() -> None:
    """No font and no script of another host."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    assert settings["theme"]["font"] is False
    assert not {"extra_javascript", "extra_css"} & set(settings)


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="types print differently on other Pythons; 3.11 checks"
)
def test_the_reference_pages_are_what_the_code_says() -> None:
    """`python -m tools.reference` renews them."""
    assert reference.stale() == []
