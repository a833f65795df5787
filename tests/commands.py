"""Whether the commands that a page shows exist."""

from __future__ import annotations

import shlex
from pathlib import Path

from typer.main import get_command

from pivotctl.cli import app

ROOT = Path(__file__).resolve().parents[1]


def check_command(line: str, *, also: frozenset[str] = frozenset()) -> None:
    """Assert that a `pivot` line names a command, its options (and `also`), and files that exist."""
    words = shlex.split(line)
    assert words.pop(0) == "pivot", line
    command = get_command(app)
    context = command.make_context("pivot", list(words), resilient_parsing=True)
    while words and hasattr(command, "get_command"):
        name = words.pop(0)
        command = command.get_command(context, name)
        assert command is not None, line
        context = command.make_context(name, list(words), parent=context, resilient_parsing=True)
    options = {option for parameter in command.params for option in parameter.opts} | also
    for word in words:
        if word.startswith("--"):
            assert word in options, line
        if word.startswith("examples/"):
            assert (ROOT / word).exists(), line
