"""Each function: a warm request, its DynamoDB requests; and the size of each layer."""

from __future__ import annotations

import json
import os
import statistics
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
ROUNDS = 60


def figures() -> Iterator[Figure]:
    """Measure on an emulator of its own."""
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator.start(Path(folder) / "emulator.log")
        try:
            tables = create_tables(emulator)
            seed(emulator, tables)
            os.environ.update(function_environment(emulator, tables))
            settings.cache_clear()
            yield from _warm_requests()
        finally:
            emulator.stop()
    yield from _layers()


def _callbacks() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("events/*/json.json"))


def _warm_requests() -> Iterator[Figure]:
    """Yield a request of a new call each time, and how often it asks DynamoDB."""
    asked: list[str] = []
    dynamodb = aws.client("dynamodb")
    dynamodb.meta.events.register(
        "before-send.dynamodb", lambda event_name, **_: asked.append(event_name.rsplit(".", 1)[1])
    )
    calls = count()
    for name in _callbacks():
        handler = import_module(f"functions.{name}.app").handler
        chained = "state=" in (ROOT / "events" / name / "json.json").read_text()
        answers, lists, requests = [], [], []
        for _ in range(ROUNDS):
            event = dict(events(name, chained=chained, call=f"bench{next(calls)}"))["json"]
            asked.clear()
            answers.append(_one(partial(_answered, handler, event)))
            requests.append(len(asked))
            lists.append(_one(dynamodb.list_tables))
        for place, clock in enumerate(("wall", "processor")):
            answer, one_request = (
                statistics.median(each[place] for each in took) for took in (answers, lists)
            )
            yield Figure(f"{name}: warm request, {clock}", answer, "ms", one_request, "one DynamoDB request")
        yield Figure(
            f"{name}: DynamoDB requests, Live Debug's one included", statistics.median(requests), "requests"
        )


def _one(work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of the clock, and of this process's processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


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
