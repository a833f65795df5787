"""The commands of the tutorials, as a newcomer pastes them, against the deployed stack."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pivotctl.cli import app
from pivotctl.local_stack import Stack
from pivotctl.local_stack import _stack as stack_module

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]
# These serve until Ctrl-C, or change the checkout; other tests run them.
ELSEWHERE = ("pivot phone", "pivot debug", "pivot dev", "pivot new")
Run = Callable[[str], str]


@pytest.fixture
def run(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in a folder with the examples, where `make up` has left this stack running."""
    monkeypatch.setattr(stack_module, "FOLDER", tmp_path / ".stack")
    stack.save()
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)

    def run(line: str) -> str:
        result = CliRunner().invoke(app, shlex.split(line)[1:], input="1\n" * 5)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        return result.output

    return run


def steps(name: str) -> list[str]:
    """The pivot commands of a tutorial, in order."""
    lines = re.findall(
        r"^ *\$ (pivot .+)$", (ROOT / "docs/tutorials" / f"{name}.md").read_text(), re.MULTILINE
    )
    return [line for line in lines if not line.startswith(ELSEWHERE)]


def block(name: str, language: str) -> str:
    """The first block of a language in a tutorial."""
    text = (ROOT / "docs/tutorials" / f"{name}.md").read_text()
    found = re.search(rf"^ *```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    return textwrap.dedent(found[1])


def test_hear_a_call(run: Run) -> None:
    """The caller is unknown, keys digits, and hears an answer."""
    for line in steps("hear-a-call"):
        assert "account number" in run(line)


def test_first_menu(run: Run, tmp_path: Path) -> None:
    """The caller hears the pushed menu; the version before comes back."""
    (tmp_path / "menu.yaml").write_text(block("first-menu", "yaml"))
    lines = steps("first-menu")
    outputs = {line.split()[1] + " " + line.split()[2]: run(line) for line in lines}
    assert "We are open from nine to five." in outputs["call +14155550123"]
    assert "live" in outputs["data rollback"]


def settled_call(run: Run, line: str) -> str:
    """The Call-ID of the statement's call, once its end is settled."""
    for _ in range(60):
        for entry in json.loads(run(f"{line} --json")):
            if entry.get("call_id"):
                return str(entry["call_id"])
        time.sleep(1)
    pytest.fail("the call was not settled within a minute")


@pytest.mark.xfail(
    strict=False,
    reason="passes alone; late in a whole run the push of callers ends with an unknown exception",
)
def test_prepaid(run: Run, tmp_path: Path) -> None:
    """The gate's call is settled, and its charge explained."""
    (tmp_path / "callers.yaml").write_text(block("prepaid", "yaml"))
    call_id = ""
    for line in steps("prepaid"):
        output = run(line.replace("CALL-ID", call_id))
        if line.startswith("pivot accounts statement"):
            call_id = settled_call(run, line)
        if line.startswith("pivot accounts explain"):
            assert "+12125550188" in output
        if line.startswith("pivot accounts reconcile"):
            assert "0 discrepancies" in output
