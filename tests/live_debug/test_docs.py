"""The snippets of docs/live_debug.md run, and its commands have the options it uses."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pivotctl.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "live_debug.md"
COMMANDS = re.findall(r"^\s*\$ (pivot .*)$", PAGE.read_text("utf-8"), re.MULTILINE)


def test_every_snippet_prints_what_the_page_says() -> None:
    """The page is one session: each snippet may use what those before it made."""
    snippets = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    example = doctest.DocTestParser().get_doctest("".join(snippets), {}, PAGE.name, str(PAGE), 0)
    failures: list[str] = []
    result = doctest.DocTestRunner().run(example, out=failures.append)
    assert result.failed == 0, "".join(failures)
    assert result.attempted >= 9


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_has_the_options_the_page_uses(command: str) -> None:
    """What a reader types is understood."""
    words = shlex.split(command)[1:]
    names = [word for word in words if not word.startswith("-")]
    path = names[:2] if names[0] in {"token", "debug-access"} else names[:1]
    help_text = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"}).output
    for option in (word for word in words if word.startswith("--")):
        assert option in help_text, f"{option} of `{command}`"
