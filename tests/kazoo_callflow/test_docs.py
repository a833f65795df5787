"""Every snippet of docs/callflow.md runs, and prints what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "callflow.md"


def test_every_snippet_prints_what_the_page_says() -> None:
    """The page is one session: each snippet may use what those before it made."""
    snippets = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    example = doctest.DocTestParser().get_doctest("".join(snippets), {}, PAGE.name, str(PAGE), 0)
    failures: list[str] = []
    result = doctest.DocTestRunner().run(example, out=failures.append)
    assert result.failed == 0, "".join(failures)
    assert result.attempted > 25


def test_the_builder_of_every_module_can_be_asked_for_help() -> None:
    """A docstring names the fields, the branches and the traps."""
    import kazoo_callflow as callflow

    text = callflow.device.__doc__ or ""
    assert "Fields:" in text
    assert "Branches:" in text
    assert "Trap: Without `timeout`" in text
