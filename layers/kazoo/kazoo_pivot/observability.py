"""Logs and metrics of a callback: one line and one set of metrics a request, no payloads at INFO."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO, cast

from kazoo_pivot._errors import PivotError
from kazoo_pivot._masks import BETWEEN_DIGITS, mask_cards, mask_number, mask_numbers

if TYPE_CHECKING:
    from kazoo_pivot._request_context import Outcome, RequestContext

__all__ = ["BETWEEN_DIGITS", "emit_metrics", "logger", "mask_cards", "mask_number", "mask_numbers", "report"]


@cache
def logger() -> Any:
    """Return the process's logger of JSON lines, made on first use: Powertools' where it is installed."""
    level = os.environ.get("POWERTOOLS_LOG_LEVEL", "INFO")
    try:
        from aws_lambda_powertools.logging import Logger
    except ImportError:
        return _plain_logger(level)
    return Logger(service=_service(), level=level, stream=cast("TextIO", _Stdout()))


def _plain_logger(level: str) -> logging.Logger:
    """Return a logger of the same lines, with the standard library alone."""
    made = logging.getLogger(_service())
    handler = logging.StreamHandler(cast("TextIO", _Stdout()))
    handler.setFormatter(_JsonLines())
    made.handlers, made.propagate = [handler], False
    made.setLevel(level)
    return made


class _JsonLines(logging.Formatter):
    """A record as one JSON object: level, message, time, service, and what `extra` gave."""

    _OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": self.formatTime(record),
            "service": _service(),
            **{name: value for name, value in vars(record).items() if name not in self._OWN},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, separators=(",", ":"), default=str)


def _service() -> str:
    return os.environ.get("POWERTOOLS_SERVICE_NAME", "pivot")


class _Stdout:
    """Standard output as it is at the moment of writing, not of importing: tests replace it."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def report(callback: str, work: RequestContext, decision: Outcome) -> None:
    """Write the log line and the metrics of one request; what fails here never reaches the caller."""
    try:
        _log(callback, work, decision)
        _measure(callback, work, decision)
    except Exception as error:  # noqa: BLE001
        sys.stderr.write(f"pivot: this request's log was lost: {type(error).__name__}\n")


def _log(callback: str, work: RequestContext, decision: Outcome) -> None:
    error, request = decision.error, work.request
    facts: dict[str, Any] = {
        "callback": callback,
        "outcome": decision.outcome,
        "cold_start": work.cold_start,
        "total_ms": work.timings_us.get("total", 0) / 1000,
    }
    if decision.reason:
        facts["reason"] = decision.reason
    if decision.outcome == "refused":
        # Who was refused is seen where it came from: the rest of the request is what a stranger says.
        facts["source_ip"] = work.source_ip
    if work.account is not None:
        facts["kazoo_account_id"] = work.account.id
    if request is not None:
        facts |= {"correlation_id": request.call_id, "caller": mask_number(request.caller_id_number)}
    if work.call is not None:
        facts["step"] = work.call.step
    if isinstance(error, PivotError):
        facts["error"] = f"{type(error).__name__}: {error}"
    elif error is not None:
        # Its message may hold anything a caller pressed.
        facts |= {"error": type(error).__name__, "where": _where(error)}
    if error is not None and error.__cause__:
        facts["cause"] = _cause(error.__cause__)
    log = logger().error if decision.outcome == "fallback" else logger().info
    log("exchange", extra=facts)


def _measure(callback: str, work: RequestContext, decision: Outcome) -> None:
    counts = {
        "Requests": 1,
        "Fallbacks": int(decision.outcome == "fallback"),
        "Refused": int(decision.outcome == "refused"),
        "ColdStarts": int(work.cold_start),
        "StoreUnavailable": int(decision.reason == "store_unavailable"),
    }
    milliseconds = {"TotalMs": work.timings_us.get("total", 0) / 1000}
    if "handler" in work.timings_us:
        milliseconds["HandlerMs"] = work.timings_us["handler"] / 1000
    emit_metrics(callback, counts, milliseconds, decision.reason)


def _where(error: BaseException) -> list[str]:
    """Return the code lines of a traceback, without any value."""
    lines, frame = [], error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        lines.append(f"{code.co_filename.rpartition('/')[2]}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    return lines[-8:]


def _cause(error: BaseException) -> str:
    """Return what an error came from; of AWS's refusals also the operation, the code and what was denied."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return type(error).__name__
    code = str(response.get("Error", {}).get("Code", ""))
    told = f"{type(error).__name__}: {getattr(error, 'operation_name', '')}: {code}"
    # A denial names the role, the action and the resource: nothing of a caller.
    return f"{told}: {response['Error'].get('Message', '')}" if code.startswith("AccessDenied") else told


def explained(reason: str, error: BaseException | None) -> str:
    """Return why a callback fell back, with message, file and line: for a developer's machine only."""
    if error is None:
        return reason
    at = error.__traceback__
    # The line nearest to the failure that is neither the contract's nor a library's.
    place = ""
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        if "kazoo_pivot" not in file and "site-packages" not in file:
            place = f" ({'/'.join(file.split('/')[-3:])}:{at.tb_lineno})"
        at = at.tb_next
    cause = f"; {_cause(error.__cause__)}: {error.__cause__}" if error.__cause__ else ""
    text = f"{reason}: {type(error).__name__}: {error}{place}{cause}"
    # One line, as a header can hold it.
    return "".join(c if " " <= c <= "~" else "?" for c in text)[:500]


# Counted for each callback, too. CloudWatch bills each metric and combination of dimensions, so all else is
# counted once a deployment, and a reason is not a dimension: queries of the log group by it.
PER_CALLBACK = ("Requests", "Fallbacks", "Refused", "TotalMs")


def emit_metrics(
    callback: str, counts: dict[str, int], milliseconds: dict[str, float], reason: str = ""
) -> None:
    """Write one CloudWatch embedded-metric line to standard output.

    By hand: the format is one JSON object, and nothing to import is nothing the first caller waits for.
    """
    metrics = [{"Name": name, "Unit": "Count"} for name in counts]
    metrics += [{"Name": name, "Unit": "Milliseconds"} for name in milliseconds]
    both = [metric for metric in metrics if metric["Name"] in PER_CALLBACK]
    once = [metric for metric in metrics if metric["Name"] not in PER_CALLBACK]
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Pivot")
    line = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {"Namespace": namespace, "Dimensions": dimensions, "Metrics": chosen}
                for dimensions, chosen in (
                    ([["service"], ["service", "callback"]], both),
                    ([["service"]], once),
                )
                if chosen
            ],
        },
        "service": _service(),
        "callback": callback,
        **({"reason": reason} if reason else {}),
        **counts,
        **{name: round(value, 3) for name, value in milliseconds.items()},
    }
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
