"""Programs of users, right and wrong ones, as mypy and pyright see them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATHS = [ROOT / "layers" / "kazoo", ROOT / "layers" / "application", ROOT]


def mypy(program: Path) -> dict[int, str]:
    """Return the errors of mypy --strict, by line."""
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--no-error-summary",
            "--follow-imports=silent",
            str(program),
        ],
        capture_output=True,
        text=True,
        cwd=HERE,
        env={**os.environ, "MYPYPATH": os.pathsep.join(map(str, PATHS))},
        check=False,
    )
    found = re.findall(r"^[^:\n]*" + program.name + r":(\d+): error: (.*)$", run.stdout, flags=re.MULTILINE)
    assert found or run.returncode == 0, run.stdout + run.stderr
    return {int(line): message for line, message in found}


def pyright(program: Path) -> dict[int, str]:
    """Return the errors of pyright, by line."""
    if find_spec("pyright") is None:
        pytest.skip("pyright is not installed here")
    run = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(program)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, PATHS))},
        check=False,
    )
    try:
        report = json.loads(run.stdout)
    except ValueError:
        pytest.skip(f"pyright does not run here: {(run.stderr or run.stdout).strip()[:200]}")
    return {
        each["range"]["start"]["line"] + 1: each["message"]
        for each in report["generalDiagnostics"]
        if each["severity"] == "error"
    }


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_right_programs_have_no_errors(checker: Callable[[Path], dict[int, str]]) -> None:
    """What the documents show type-checks."""
    assert checker(HERE / "right.py") == {}


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_every_mistake_is_an_error(checker: Callable[[Path], dict[int, str]]) -> None:
    """Misspelt names and keyword arguments, and arguments of a wrong type, are found; nothing else is."""
    program = HERE / "wrong.py"
    lines = program.read_text("utf-8").splitlines()
    wrong = [number for number, line in enumerate(lines, 1) if line.endswith("# wrong")]
    assert sorted(checker(program)) == wrong
