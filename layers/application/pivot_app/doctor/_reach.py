"""Does KAZOO reach us? Its own debug log of pivot nodes against our Live Debug."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from pivot_app.crossbar import Crossbar, CrossbarNotLoadedError, from_gregorian

from ._findings import Finding

LOOKED_AT = 5
SLOW_S = 3
"""KAZOO gives up after 5 s; its log counts whole seconds."""


class Exchanges(Protocol):
    """The data that Live Debug stores."""

    def call(self, kazoo_account_id: str, call_id: str) -> list[Any]:
        """Return the exchanges of a call."""


def check_reach(crossbar: Crossbar, exchanges: Exchanges, url: str) -> Iterator[Finding]:
    """Look at the newest calls in KAZOO's log that asked this deployment."""
    try:
        rows = [row for row in crossbar.pivot_debug() if str(row.get("uri", "")).startswith(f"{url}/")]
    except CrossbarNotLoadedError:
        yield Finding(
            "reach",
            "note",
            "this KAZOO does not show its debug log of pivot nodes",
            "ask the operator to start the Crossbar module cb_pivot",
        )
        return
    if not rows:
        yield Finding(
            "reach",
            "note",
            "KAZOO's debug log has no call to this deployment",
            "set `debug: true` in kazoo.yaml, run `pivot provision`, and place a call",
        )
        return
    slowest = 0
    for row in rows[:LOOKED_AT]:
        documents = crossbar.pivot_debug_of(str(row.get("debug_id") or row["call_id"]))
        slowest = max([slowest, *_seconds(documents)])
        yield from _check_call(crossbar, exchanges, row, documents)
    if slowest >= SLOW_S:
        yield Finding(
            "latency",
            "warning",
            f"KAZOO waited up to {slowest} s for an answer; it gives up after 5 s",
            "look for the slow part in `pivot debug`; provisioned concurrency removes cold starts",
        )
    else:
        shown = "less than 1 s" if not slowest else f"{slowest} s at most"
        yield Finding("latency", "ok", f"KAZOO waits {shown} for an answer")


def _check_call(
    crossbar: Crossbar, exchanges: Exchanges, row: Mapping[str, Any], documents: list[Mapping[str, Any]]
) -> Iterator[Finding]:
    call_id, status = str(row["call_id"]), row.get("status_code")
    call = f"call {call_id}{_at(row)}"
    errors = [each for each in documents if "schema_errors" in each or "json_errors" in each]
    ours = exchanges.call(crossbar.kazoo_account_id, call_id)
    if errors:
        what = errors[0].get("schema_errors") or errors[0].get("json_errors")
        yield Finding(
            "reach",
            "error",
            f"{call}: KAZOO rejected our answer: {str(what)[:200]}",
            "report it with this line",
        )
    elif status is None:
        yield Finding(
            "reach",
            "error",
            f"{call}: KAZOO got no answer{'' if ours else ', and nothing of it is in Live Debug'}",
            "check DNS, certificate and firewall on the way from KAZOO to the address",
        )
    elif str(status) != "200":
        yield Finding(
            "reach",
            "error",
            f"{call}: KAZOO was answered {status}",
            "403 is a refused token: run `pivot provision` again; for others look at the function's log",
        )
    elif not ours:
        yield Finding(
            "reach",
            "note",
            f"{call}: KAZOO was answered, but Live Debug did not record it",
            "`pivot token set ACCOUNT --debug` switches Live Debug on",
        )
    else:
        yield Finding("reach", "ok", f"{call}: KAZOO and Live Debug agree, {len(ours)} exchanges")


def _at(row: Mapping[str, Any]) -> str:
    try:
        return f" of {from_gregorian(int(row['created'])):%Y-%m-%d %H:%M:%S} UTC"
    except (KeyError, TypeError, ValueError):
        return ""


def _seconds(documents: list[Mapping[str, Any]]) -> list[int]:
    """Return how long KAZOO waited for each answer, in whole seconds."""
    asked: Mapping[str, Any] | None = None
    waited = []
    for each in documents:
        if "uri" in each and "resp_status_code" not in each:
            asked = each
        elif "resp_status_code" in each and asked is not None:
            waited.append(int(each.get("created", 0)) - int(asked.get("created", 0)))
            asked = None
    return [seconds for seconds in waited if seconds >= 0]
