"""`pivot load`: many calls at a steady rate, and what their callers and KAZOO made of the answers."""

from __future__ import annotations

import json
import math
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from kazoo_simulator import (
    ACCOUNT_ID,
    BUILDS,
    AnyEvent,
    CallMismatchError,
    Script,
    ScriptedCall,
    ScriptError,
    Simulator,
    Target,
)
from pivotctl.targets import choose, is_loopback
from pivotctl.text import printable

MAX_CALLS = 10_000
MAX_RATE = 200.0
MAX_CONCURRENCY = 64
SHOWN_REJECTED = 5

console = Console()
errors = Console(stderr=True)


@dataclass(slots=True)
class Tally:
    """The results of the calls; `add` is safe in any thread."""

    latencies_ms: list[int] = field(default_factory=list)
    """KAZOO's wait for each request: until the answer, or until its time-out."""
    unanswered: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    rejected: list[str] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    def add(self, events: Sequence[AnyEvent], deviation: str | None) -> None:
        """Count one call."""
        with self._lock:
            for event in events:
                if event.kind == "answer_received":
                    self.latencies_ms.append(event.took_ms)
                elif event.kind == "request_failed":
                    self.latencies_ms.append(event.took_ms)
                    self.unanswered += 1
                    self.outcomes[f"no answer: {event.failure}"] += 1
                elif event.kind == "fallback_taken" and event.by == "server":
                    self.outcomes[f"the callback's own fallback: {event.reason}"] += 1
                    self.outcomes["flow"] -= 1
                elif event.kind == "answer_judged":
                    self.outcomes[event.outcome.replace("_", " ")] += 1
                    if event.outcome != "flow":
                        self.rejected.append("; ".join((event.rule, *event.problems)))
            if deviation is not None:
                self.deviations.append(deviation)

    def percentiles(self) -> dict[str, int]:
        """Latencies in ms."""
        ordered = sorted(self.latencies_ms)
        if not ordered:
            return {}
        points = {"p50": 50, "p90": 90, "p95": 95, "p99": 99, "max": 100}
        return {
            name: ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] for name, share in points.items()
        }


def load(
    calls: Annotated[int, typer.Option(min=1, max=MAX_CALLS, help="How many calls.")] = 50,
    rate: Annotated[float, typer.Option(min=0.1, max=MAX_RATE, help="New calls a second.")] = 10.0,
    concurrency: Annotated[
        int, typer.Option(min=1, max=MAX_CONCURRENCY, help="Calls at the same time, at most.")
    ] = 16,
    path: Annotated[
        str, typer.Option(help="The callback that the dialled number uses.")
    ] = "/account_balance",
    number: Annotated[str, typer.Option("--from", help="Who calls.")] = "+14155550100",
    script: Annotated[Path | None, typer.Option(help="Play this YAML script in every call.")] = None,
    url: Annotated[
        str | None, typer.Option(help="A deployed stack; default: what `make up` left running.")
    ] = None,
    confirm_url: Annotated[
        str | None, typer.Option(help="Repeat --url when it is not on this machine.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(envvar="PIVOT_TOKEN", help="The KAZOO account's token on that stack.")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="The address the stack gives itself in voice_urls.")
    ] = None,
    kazoo: Annotated[str, typer.Option(help="The KAZOO version to play: 4.3, 4.3-2023-11 or 5.")] = "4.3",
    account_id: Annotated[
        str, typer.Option("--kazoo-account", "--account-id", help="The KAZOO account.")
    ] = ACCOUNT_ID,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Place many calls. Callers' waiting is simulated, so only the web server's answers take time.

    Exit code: 0 every answer was a valid flow, 1 otherwise, 2 wrong usage.
    """
    if kazoo not in BUILDS:
        raise typer.BadParameter(f"use one of {', '.join(BUILDS)}", param_hint="--kazoo")
    target = choose(url, token, public_url)
    if not is_loopback(target.base_url) and confirm_url != url:
        raise typer.BadParameter(
            f"{url} is not on this machine; to run the load test on it, pass --confirm-url {url}",
            param_hint="--url",
        )
    try:
        played = None if script is None else Script.load(script)
    except ScriptError as error:
        errors.print(printable(str(error)), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from None
    simulator = Simulator(target, kazoo, path=path, account_id=account_id)
    tally, took_s = _run(simulator, target, played, number, calls, rate, concurrency)
    if as_json:
        print(json.dumps(_summary(tally, calls, took_s), indent=1))
    else:
        _show(tally, calls, took_s)
    raise typer.Exit(0 if set(+tally.outcomes) <= {"flow"} and not tally.deviations else 1)


def _run(
    simulator: Simulator,
    target: Target,
    script: Script | None,
    number: str,
    calls: int,
    rate: float,
    concurrency: int,
) -> tuple[Tally, float]:
    tally = Tally()
    columns = (TextColumn("calls"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    began = time.monotonic()
    with (
        Progress(*columns, console=errors, transient=True) as progress,
        ThreadPoolExecutor(concurrency, thread_name_prefix="call") as pool,
    ):
        task = progress.add_task("calls", total=calls)
        free = threading.Semaphore(concurrency)

        def one(played: ScriptedCall) -> None:
            deviation = None
            try:
                _play(played, script)
            except CallMismatchError as mismatch:
                deviation = str(mismatch).partition("\n")[0]
            finally:
                tally.add(played.events, deviation)
                progress.advance(task)
                free.release()

        for position in range(calls):
            time.sleep(max(0.0, began + position / rate - time.monotonic()))
            free.acquire()
            place = (
                simulator.call(number, patience_s=120)
                if script is None
                else script.place(target, path=simulator.path)
            )
            pool.submit(one, place)
    return tally, time.monotonic() - began


def _play(call: ScriptedCall, script: Script | None) -> None:
    if script is None:
        limit_ms = 120_000
        while call.interpreter.step(limit_ms):
            pass
        call.interpreter.hang_up()
    else:
        for _ in script.follow(call):
            pass


def _summary(tally: Tally, calls: int, took_s: float) -> dict[str, Any]:
    return {
        "calls": calls,
        "seconds": round(took_s, 2),
        "requests": len(tally.latencies_ms),
        "unanswered": tally.unanswered,
        "latency_ms": tally.percentiles(),
        "outcomes": dict(+tally.outcomes),
        "rejected": tally.rejected[:SHOWN_REJECTED],
        "deviations": tally.deviations[:SHOWN_REJECTED],
    }


def _show(tally: Tally, calls: int, took_s: float) -> None:
    asked = len(tally.latencies_ms)
    for outcome, number in tally.outcomes.most_common():
        style = "green" if outcome == "flow" else "red"
        named = "valid flow" if outcome == "flow" else outcome
        share = f"{number / asked:6.1%}" if asked else ""
        console.print(
            printable(f"  {number:6}  {share}  {named}"), style=style, highlight=False, markup=False
        )
    table = Table(
        title=f"{calls} calls, {asked} requests in {took_s:.1f} s; unanswered ones count as waited for"
    )
    percentiles = tally.percentiles()
    for name in percentiles:
        table.add_column(f"{name} ms", justify="right")
    table.add_row(*(str(value) for value in percentiles.values()))
    console.print(table)
    for title, lines in (
        ("answers KAZOO does not run", tally.rejected),
        ("calls that deviated", tally.deviations),
    ):
        if lines:
            console.print(f"\n{title}:", style="bold red")
            for text, number in Counter(lines).most_common(SHOWN_REJECTED):
                console.print(printable(f"  {number} × {text}"), markup=False, highlight=False)
