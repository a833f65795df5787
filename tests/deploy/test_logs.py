"""`pivot logs`: lines of the functions, for a person and for a program."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from pivotctl.cli import app
from pivotctl.errors import UsageError
from pivotctl.logs import command

EXCHANGE = {
    "level": "INFO",
    "message": "exchange",
    "callback": "menu",
    "outcome": "answered",
    "total_ms": 12.5,
    "correlation_id": "call-1",
}
FELL_BACK = EXCHANGE | {
    "level": "ERROR",
    "callback": "balance_gate",
    "outcome": "fallback",
    "reason": "exception",
    "error": "KeyError",
    "where": ["app.py:3 handler"],
    "correlation_id": "call-\x1b[2J",
}
LINES = [
    json.dumps(EXCHANGE),
    '{"_aws":{"CloudWatchMetrics":[]},"Requests":1}',
    "START RequestId: x",
    json.dumps(FELL_BACK),
    "Traceback: no JSON",
]


class Client:
    """CloudFormation with one log group, and CloudWatch Logs with these lines in it."""

    def get_paginator(self, operation: str) -> Any:
        resource = {
            "ResourceType": "AWS::Logs::LogGroup",
            "LogicalResourceId": "MenuLogs",
            "PhysicalResourceId": "group",
        }
        access = resource | {"LogicalResourceId": "AccessLogs"}
        events = [{"eventId": str(n), "timestamp": 1000 + n, "message": line} for n, line in enumerate(LINES)]
        pages = {
            "list_stack_resources": [{"StackResourceSummaries": [resource, access]}],
            "filter_log_events": [{"events": events}],
        }
        return SimpleNamespace(paginate=lambda **_: pages[operation])


@pytest.fixture(autouse=True)
def deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment with those logs."""
    found = command.Deployment("dev", {}, lambda service: Client(), "")
    monkeypatch.setattr(command.Deployment, "find", lambda stage: found)


def run(*arguments: str) -> str:
    """What `pivot logs` prints."""
    answered = CliRunner().invoke(app, ["logs", "--stage", "dev", *arguments])
    assert answered.exit_code == 0, answered.output
    return answered.output


def test_each_request_is_a_line_and_metrics_are_left_out() -> None:
    """Times, callback, outcome, error; nothing of a stranger moves the cursor."""
    lines = run().splitlines()
    assert len(lines) == 3
    assert "menu answered 12.5 ms" in lines[0]
    assert "balance_gate fallback exception" in lines[1]
    assert "error=KeyError" in lines[1]
    assert "\\x1b[2J" in lines[1]
    assert "Traceback" in lines[2]


def test_lines_are_chosen() -> None:
    """By callback, call and level; as JSON for a program."""
    assert len(run("--callback", "menu").splitlines()) == 1
    assert len(run("--call", "call-1").splitlines()) == 1
    assert "answered" not in run("--errors")
    (line,) = [json.loads(line) for line in run("--callback", "menu", "--json").splitlines()]
    assert line["outcome"] == "answered"


@pytest.mark.parametrize("age", ["x", "10", "1y", ""])
def test_an_age_is_checked(age: str) -> None:
    """A number and a unit."""
    with pytest.raises(UsageError, match="such as 30m"):
        command.seconds_of(age)
