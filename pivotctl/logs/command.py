"""`pivot logs`."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from pivotctl.deployment import LOCAL, Deployment, Stage, stack_name
from pivotctl.errors import UsageError
from pivotctl.options import AsJson

_AGE = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LEVELS = {"ERROR": "red", "WARNING": "yellow", "CRITICAL": "red"}
FOLLOW_EVERY_S = 2.0


def logs(
    stage: Stage = LOCAL,
    since: Annotated[str, typer.Option(help="How far back: 90s, 30m, 6h or 2d.")] = "1h",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Follow new lines until Ctrl-C.")] = False,
    callback: Annotated[str, typer.Option(help="Only lines of this callback.")] = "",
    call_id: Annotated[str, typer.Option("--call", help="Only lines of this Call-ID.")] = "",
    errors: Annotated[bool, typer.Option("--errors", help="Only errors and warnings.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the functions' logs: one line for each request, without payloads."""
    deployment = Deployment.find(stage)
    begin_ms = int(time.time() * 1000) - seconds_of(since) * 1000
    seen: set[str] = set()
    while True:
        for event in events(deployment, begin_ms):
            # An emulator gives no ids.
            identity = event.get("eventId") or f"{event['timestamp']} {event['message']}"
            if identity in seen:
                continue
            seen.add(identity)
            begin_ms = max(begin_ms, int(event["timestamp"]))
            line = parsed(event["message"])
            if line is None or not _wanted(line, callback, call_id, errors=errors):
                continue
            typer.echo(json.dumps(line, ensure_ascii=False) if as_json else shown(line, event["timestamp"]))
        if not follow:
            return
        time.sleep(FOLLOW_EVERY_S)


def events(deployment: Deployment, begin_ms: int) -> Iterator[dict[str, Any]]:
    """Yield the log events of the stage's functions since then, oldest first."""
    client = deployment.client("logs")
    found = []
    for group in groups(deployment):
        pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=begin_ms)
        found += [event for page in pages for event in page["events"]]
    yield from sorted(found, key=lambda event: int(event["timestamp"]))


def groups(deployment: Deployment) -> list[str]:
    """Return the log groups of the stage's stack."""
    name = str(deployment.stack.get("StackName") or stack_name(deployment.stage))
    pages = deployment.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
    return [
        resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::Logs::LogGroup" and resource["LogicalResourceId"] != "AccessLogs"
    ]


def parsed(message: str) -> dict[str, Any] | None:
    """Return a line of ours as JSON has it; None for metrics and for the lines Lambda writes itself."""
    text = message.strip()
    try:
        line = json.loads(text)
    except ValueError:
        own = text.startswith(("START ", "END ", "REPORT ", "INIT_START ", "XRAY "))
        return None if own or not text else {"message": text}
    return line if isinstance(line, dict) and "_aws" not in line else None


def shown(line: dict[str, Any], timestamp_ms: int) -> str:
    """Return a line for a person; nothing in it moves the cursor."""
    at = datetime.fromtimestamp(int(timestamp_ms) / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
    level = str(line.get("level", ""))
    words = [str(line.get("callback", "")), str(line.get("outcome", "")), str(line.get("reason", ""))]
    if "total_ms" in line:
        words.append(f"{line['total_ms']} ms")
    rest = {
        name: value
        for name, value in line.items()
        if name in ("error", "cause", "where", "exception", "problem", "correlation_id", "call_id")
    }
    message = str(line.get("message", ""))
    text = " ".join(word for word in words if word) if message == "exchange" else message
    details = "  ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in rest.items()
    )
    plain = _plain(f"{at} {level:7} {text}  {details}".rstrip())
    return typer.style(plain, fg=_LEVELS[level]) if level in _LEVELS else plain


def seconds_of(age: str) -> int:
    """Return how many seconds an age such as 30m is.

    Raises:
        UsageError: It is none.
    """
    found = _AGE.fullmatch(age)
    if found is None:
        raise UsageError(f"--since {age!r}: write a number and s, m, h or d, such as 30m")
    return int(found[1]) * _SECONDS[found[2]]


def _wanted(line: dict[str, Any], callback: str, call_id: str, *, errors: bool) -> bool:
    if callback and line.get("callback") != callback:
        return False
    if call_id and call_id not in (line.get("correlation_id"), line.get("call_id")):
        return False
    return not errors or line.get("level") in _LEVELS or "level" not in line


def _plain(text: str) -> str:
    """Return the text with control characters shown: strangers choose Call-IDs."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
