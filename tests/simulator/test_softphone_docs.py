"""docs/softphone.md tells the truth: its Python runs, its options exist, its pictures are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pivotctl.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "softphone.md").read_text()


def test_the_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The example serves a page, and says where."""
    (block,) = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
    exec(compile(block, "docs/softphone.md", "exec"), {})
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")


def test_the_options_exist() -> None:
    """Every option the page names is one of `pivot phone`, and every option has a sentence."""
    told = CliRunner().invoke(app, ["phone", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    real = set(re.findall(r"--[a-z][a-z-]+", told)) - {"--help", "--open", "--public-url"}
    named = set(re.findall(r"--[a-z][a-z-]+", TEXT)) - {"--replay"}
    assert named == real


def test_the_pictures_are_there() -> None:
    """Taken by docs/images/record_softphone.py."""
    for picture in re.findall(r"images/[a-z-]+\.png", TEXT):
        assert (DOCS / picture).exists(), picture
