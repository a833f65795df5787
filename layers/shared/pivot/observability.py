"""Logs and metrics of a callback: one line and one set of metrics a request, no payloads at INFO."""

from __future__ import annotations

import json
import re
import sys
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from pivot._errors import PivotError
from pivot.settings import settings

if TYPE_CHECKING:
    from pivot._callback import Work

_NUMBER = re.compile(r"\+?\d(?:[\d\s().-]{3,}\d)")
_DIGIT = re.compile(r"\d")
SHOWN_DIGITS = 3


@cache
def logger() -> Any:
    """Return the process's Powertools logger, made on first use."""
    from aws_lambda_powertools.logging import Logger

    return Logger(service=settings().service, level=settings().log_level)


def mask_number(number: str) -> str:
    """Return a caller's number with all but its last digits hidden; words such as anonymous stay."""
    digits = len(_DIGIT.findall(number))
    hide = max(digits - SHOWN_DIGITS, 0)
    masked = []
    for character in number:
        if character.isdigit() and hide:
            hide -= 1
            masked.append("*")
        else:
            masked.append(character)
    return "".join(masked)


def mask_numbers(text: str) -> str:
    """Return a text with every number of five digits or more in it masked."""
    return _NUMBER.sub(lambda found: mask_number(found[0]), text)


def report(
    *, callback: str, work: Work, outcome: str, reason: str, error: BaseException | None, cold_start: bool
) -> None:
    """Write the log line and the metrics of one request."""
    call, timings = work.call, work.timings_us
    facts: dict[str, Any] = {
        "callback": callback,
        "outcome": outcome,
        "cold_start": cold_start,
        "total_ms": timings.get("total", 0) / 1000,
    }
    if reason:
        facts["reason"] = reason
    if work.account is not None:
        facts["kazoo_account_id"] = work.account.id
    if call is not None:
        facts |= {
            "correlation_id": call.call_id,
            "step": call.step,
            "caller": mask_number(call.caller_id_number),
        }
    if error is not None:
        # The message of our own errors names fields, never values; another's may hold anything.
        facts["error"] = (
            f"{type(error).__name__}: {error}" if isinstance(error, PivotError) else type(error).__name__
        )
        if error.__traceback__ and not isinstance(error, PivotError):
            facts["where"] = _where(error)
        if error.__cause__:
            facts["cause"] = type(error.__cause__).__name__
    log = logger().info if error is None or outcome == "refused" else logger().error
    log("exchange", extra=facts)
    counts = {"Requests": 1, "Fallbacks": int(outcome == "fallback"), "Refused": int(outcome == "refused")}
    if cold_start:
        counts["ColdStarts"] = 1
    milliseconds = {"TotalMs": timings.get("total", 0) / 1000}
    if "handler" in timings:
        milliseconds["HandlerMs"] = timings["handler"] / 1000
    emit_metrics(callback, counts, milliseconds, reason)


def _where(error: BaseException) -> list[str]:
    """Return the code lines of a traceback, without any value."""
    lines, frame = [], error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        lines.append(f"{code.co_filename.rpartition('/')[2]}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    return lines[-8:]


def emit_metrics(
    callback: str, counts: dict[str, int], milliseconds: dict[str, float], reason: str = ""
) -> None:
    """Write one CloudWatch embedded-metric line to standard output.

    By hand: the format is one JSON object, and nothing to import is nothing the first caller waits for.
    """
    dimensions = [["service", "callback"]]
    if reason:
        dimensions.append(["service", "callback", "reason"])
    metrics = [{"Name": name, "Unit": "Count"} for name in counts]
    metrics += [{"Name": name, "Unit": "Milliseconds"} for name in milliseconds]
    line = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {"Namespace": settings().metrics_namespace, "Dimensions": dimensions, "Metrics": metrics}
            ],
        },
        "service": settings().service,
        "callback": callback,
        **({"reason": reason} if reason else {}),
        **counts,
        **{name: round(value, 3) for name, value in milliseconds.items()},
    }
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
