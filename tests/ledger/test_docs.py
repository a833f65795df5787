"""The pages on money tell the truth: their Python runs, their CSV loads, their commands exist."""

from __future__ import annotations

import doctest
import re
import shlex
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from typer.main import get_command

from pivot_app.balance_gate import GateParameters
from pivot_app.ledger import Reason
from pivotctl.accounts import _csv
from pivotctl.accounts.command import app

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    """A page's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(("page", "least"), [("ledger.md", 15), ("balance_gate.md", 6)])
def test_every_snippet_prints_what_the_page_says(page: str, least: int) -> None:
    """A page is one session: each snippet may use what those before it made."""
    source = "".join(blocks(page, "python"))
    example = doctest.DocTestParser().get_doctest(source, {}, page, str(DOCS / page), 0)
    failures: list[str] = []
    result = doctest.DocTestRunner().run(example, out=failures.append)
    assert result.failed == 0, "".join(failures)
    assert result.attempted >= least


def test_the_files_load(tmp_path: Path) -> None:
    """The page's CSV files are what the imports take."""
    accounts, rates = blocks("accounts.md", "csv")
    (tmp_path / "accounts.csv").write_text(accounts)
    (tmp_path / "rates.csv").write_text(rates)
    assert len(_csv.read_accounts(tmp_path / "accounts.csv", "tenant")) == 2
    read = _csv.read_rates(tmp_path / "rates.csv")
    assert [rate.connection_fee_micros for rate in read] == [0, 50_000, 0, 0]
    assert [rate.is_dated for rate in read] == [False, False, True, False]


def test_the_commands_exist() -> None:
    """Every command of the pages parses, and every command there is is on one of them."""
    group = get_command(app)
    shown = set()
    pages = blocks("accounts.md", "console") + blocks("ledger.md", "console")
    for line in "".join(pages).splitlines():
        pivot, accounts, name, *arguments = shlex.split(line)
        assert (pivot, accounts) == ("pivot", "accounts")
        command = group.commands[name]  # type: ignore[attr-defined]
        command.make_context(name, arguments, resilient_parsing=False)
        shown.add(name)
    assert shown == set(group.commands)  # type: ignore[attr-defined]


def test_every_refusal_is_explained() -> None:
    """The table has each reason there is."""
    for reason in (*get_args(Reason), "unknown_account"):
        assert f"`{reason}`" in (DOCS / "balance_gate.md").read_text("utf-8")


def test_every_parameter_of_the_gate_is_explained() -> None:
    """The table has each parameter, and no other."""
    table = re.findall(r"^\| `(\w+)=", (DOCS / "balance_gate.md").read_text("utf-8"), re.MULTILINE)
    assert sorted({*table, "id"}) == sorted(field.name for field in fields(GateParameters))
