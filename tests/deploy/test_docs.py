"""docs/deploy.md and docs/operations.md tell the truth: commands, parameters, alarms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from pivotctl.cli import app
from pivotctl.local_stack import template

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = (ROOT / "docs" / "deploy.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
LINES = sorted(set(re.findall(r"^\$ (pivot [^\n]+)$|`(pivot [^`]+)`", DEPLOY + OPERATIONS, re.MULTILINE)))


@pytest.mark.parametrize("line", [one or other for one, other in LINES])
def test_every_command_is_there(line: str) -> None:
    """With the options the page gives it."""
    words = line.split()[1:]
    command = get_command(app)
    context = command.make_context("pivot", [], resilient_parsing=True)
    while words and words[0].startswith("--"):
        words = words[2:]
    while words and hasattr(command, "get_command"):
        name = words.pop(0)
        if not name.islower():
            return
        command = command.get_command(context, name)
        assert command is not None, line
        context = command.make_context(name, [], parent=context, resilient_parsing=True)
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options, line


def test_every_parameter_is_explained() -> None:
    """The table has each parameter of the template, and no other."""
    named = set()
    for row in re.findall(r"^\| (`[A-Z][^|]+) \|", DEPLOY, re.MULTILINE):
        named |= set(re.findall(r"`(\w+)`", row))
    assert named == set(template()["Parameters"])


def test_every_alarm_says_what_to_do() -> None:
    """The table has each alarm of the template, and no other."""
    named = set()
    for row in re.findall(r"^\| (`[A-Z][^|]+) \|", OPERATIONS, re.MULTILINE):
        named |= set(re.findall(r"`(\w+)`", row))
    alarms = {
        name.removesuffix("Alarm")
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }
    assert named == alarms
