"""docs/simulator.md tells the truth: its Python runs, its YAML is a script, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kazoo_simulator import CallMismatchError, Script, ScriptedCall, Simulator
from pivotctl.cli import app

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "simulator.md").read_text()


def blocks(language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)


def test_the_python_runs() -> None:
    """All blocks, one after the other, as one program; then the test in it, with the target in it."""
    names: dict[str, Any] = {}
    for number, block in enumerate(blocks("python")):
        exec(compile(block, f"docs/simulator.md block {number}", "exec"), names)
    names["test_the_balance_is_spoken"](names["kazoo"])


def test_the_mismatch_is_what_the_engine_says() -> None:
    """The ladder in the page is a real one."""
    names: dict[str, Any] = {}
    for block in blocks("python")[:3]:
        exec(block, names)
    with pytest.raises(CallMismatchError) as mismatch:
        names["Simulator"](names["kazoo"].target, seed=1).call("+14155550123", name="Ada").hears("goodbye")
    assert str(mismatch.value).strip() == blocks("text")[0].strip()


def test_the_yaml_is_a_script() -> None:
    """The script parses."""
    for block in blocks("yaml"):
        assert Script.parse(block).steps


@pytest.mark.parametrize("line", re.findall(r"^\$ pivot (.*?)(?: +#.*)?$", TEXT, flags=re.MULTILINE))
def test_the_commands_have_these_options(line: str) -> None:
    """Every option of the console block is one."""
    command, *words = line.split()
    shown = CliRunner().invoke(app, [command, "--help"], terminal_width=200, env={"COLUMNS": "200"}).output
    for word in words:
        if word.startswith("--"):
            assert word in shown


def test_every_method_of_the_table_exists() -> None:
    """The tables name what a played call and its KAZOO have."""
    table = TEXT.partition("## Driving a call")[2].partition("Expectations look")[0]
    methods = re.findall(
        r"`(\w+)\(", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line)
    )
    assert len(methods) > 10
    missing = [each for each in methods if not hasattr(ScriptedCall, each) and not hasattr(Simulator, each)]
    assert missing == []
