"""Each function: its cold start, a warm request, its DynamoDB requests; and the size of each layer."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from pivot_app import aws
from pivot_app.settings import settings
from pivotctl.event_files import events
from pivotctl.local_stack import Emulator, create_tables, function_environment
from pivotctl.local_stack.demo_data import seed

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7
BASELINE = "boto3.client('dynamodb')"

_BASELINE = "import boto3; boto3.client('dynamodb')"
_IMPORT = "import app"
_FIRST = """
import app, json
answer = app.handler(json.loads(open({event!r}).read()), None)
assert answer["statusCode"] == 200
"""


def figures() -> Iterator[Figure]:
    """Measure on an emulator of its own."""
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator.start(Path(folder) / "emulator.log")
        try:
            tables = create_tables(emulator)
            seed(emulator, tables)
            os.environ.update(function_environment(emulator, tables))
            settings.cache_clear()
            yield from _cold_starts()
            yield from _warm_requests()
        finally:
            emulator.stop()
    yield from _layers()


def _callbacks() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("events/*/json.json"))


def _cold_starts() -> Iterator[Figure]:
    """Run baseline and functions in turn, so that other load on the machine affects all alike."""
    names = _callbacks()
    baseline: list[float] = []
    imports: dict[str, list[float]] = {name: [] for name in names}
    firsts: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        baseline.append(_milliseconds(_BASELINE, ROOT))
        for name in names:
            folder = ROOT / "functions" / name
            imports[name].append(_milliseconds(_IMPORT, folder))
            event = str(ROOT / "events" / name / "json.json")
            firsts[name].append(_milliseconds(_FIRST.format(event=event), folder))
    against = statistics.median(baseline)
    for name in names:
        yield Figure(f"{name}: import", statistics.median(imports[name]), "ms", against, BASELINE)
        yield Figure(f"{name}: cold first request", statistics.median(firsts[name]), "ms", against, BASELINE)


def _milliseconds(program: str, folder: Path) -> float:
    """Return what a program takes in a fresh interpreter, the interpreter's own start left out."""
    timed = (
        f"import time; start = time.perf_counter()\n{program}\nprint((time.perf_counter() - start) * 1000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", timed], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout.splitlines()[-1])


def _warm_requests() -> Iterator[Figure]:
    """Yield a request of a new call each time, and how often it asks DynamoDB."""
    asked: list[str] = []
    dynamodb = aws.client("dynamodb")
    dynamodb.meta.events.register(
        "before-send.dynamodb", lambda event_name, **_: asked.append(event_name.rsplit(".", 1)[1])
    )
    one_get = statistics.median(_one(dynamodb.list_tables) for _ in range(200))
    calls = count()
    for name in _callbacks():
        handler = import_module(f"functions.{name}.app").handler
        chained = "state=" in (ROOT / "events" / name / "json.json").read_text()
        samples, requests = [], []
        for _ in range(60):
            event = dict(events(name, chained=chained, call=f"bench{next(calls)}"))["json"]
            asked.clear()
            samples.append(_one(partial(_answered, handler, event)))
            requests.append(len(asked))
        yield Figure(
            f"{name}: warm request", statistics.median(samples), "ms", one_get, "one DynamoDB request"
        )
        yield Figure(
            f"{name}: DynamoDB requests, Live Debug's one included", statistics.median(requests), "requests"
        )


def _one(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _answered(handler: Any, event: dict[str, Any]) -> None:
    answer = handler(event, None)
    if answer["statusCode"] != 200:
        raise RuntimeError(f"not answered: {json.dumps(answer)}")


def _layers() -> Iterator[Figure]:
    """Yield what a deployment of each layer ships, unpacked."""
    build = ROOT / ".aws-sam" / "build"
    for layer in ("DependenciesLayer", "KazooLayer", "ApplicationLayer"):
        files = [path for path in (build / layer).rglob("*") if path.is_file() and path.suffix != ".pyc"]
        if files:
            yield Figure(f"{layer}: size", sum(path.stat().st_size for path in files) / 1e6, "MB")
