"""docs/ledger.md tells the truth: its Python runs, its CSV loads, its commands exist, its table is whole."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path
from typing import get_args

from typer.main import get_command

from pivot_app.ledger import Reason
from pivotctl.accounts import _csv
from pivotctl.accounts.command import app

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"
TEXT = PAGE.read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The page's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_every_snippet_prints_what_the_page_says() -> None:
    """The page is one session: each snippet may use what those before it made."""
    example = doctest.DocTestParser().get_doctest("".join(blocks("python")), {}, PAGE.name, str(PAGE), 0)
    failures: list[str] = []
    result = doctest.DocTestRunner().run(example, out=failures.append)
    assert result.failed == 0, "".join(failures)
    assert result.attempted > 15


def test_the_files_load(tmp_path: Path) -> None:
    """The page's CSV files are what the imports take."""
    accounts, rates = blocks("csv")
    (tmp_path / "accounts.csv").write_text(accounts)
    (tmp_path / "rates.csv").write_text(rates)
    assert len(_csv.read_accounts(tmp_path / "accounts.csv", "tenant")) == 2
    assert [rate.connection_fee_micros for rate in _csv.read_rates(tmp_path / "rates.csv")] == [0, 50_000]


def test_the_commands_exist() -> None:
    """Every command of the page parses, and every command there is is on the page."""
    group = get_command(app)
    shown = set()
    for line in "".join(blocks("console")).splitlines():
        pivot, accounts, name, *arguments = shlex.split(line)
        assert (pivot, accounts) == ("pivot", "accounts")
        command = group.commands[name]  # type: ignore[attr-defined]
        command.make_context(name, arguments, resilient_parsing=False)
        shown.add(name)
    assert shown == set(group.commands)  # type: ignore[attr-defined]


def test_every_refusal_is_explained() -> None:
    """The table has each reason there is."""
    for reason in (*get_args(Reason), "conflict", "unknown_account"):
        assert f"`{reason}`" in TEXT
