"""What an answer costs: built, judged, written, imported, beside other voice builders and validators.

`pivot validate` on ten thousand flows, too. The others live in an environment of their own, which
`make bench` makes; where it is missing their figures are left out.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from benchmarks.peers.builders import LIBRARIES
from kazoo_callflow import Flow, collect_dtmf, hangup, pivot, tts, validate

ROOT = Path(__file__).parents[1]
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
URL = "https://voice.example.com/menu"

FLOW = """
from kazoo_callflow import collect_dtmf, hangup, pivot, tts, validate
flow = tts("Press 1.") >> collect_dtmf("menu", max_digits=1) >> pivot("https://x.example") >> hangup()
validate(flow)
flow.to_json()
"""

PYDANTIC = """
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializeAsAny, model_validator
class Data(BaseModel):
    text: str = Field(min_length=1)
"""


def figures() -> Iterator[Figure]:
    """Measure everything, cheapest first."""
    yield from _answers()
    yield from _peers()
    yield from _imports()
    yield from _command()


def _built() -> Flow:
    return (
        tts("Press 1 for sales.")
        >> collect_dtmf("menu", max_digits=1, timeout=5000)
        >> pivot(URL, method="post", req_body_format="json")
        >> hangup()
    )


def _answers() -> Iterator[Figure]:
    flow = _built()
    build, judge, write = _quickest(_built, lambda: validate(flow), flow.to_json)
    yield Figure("callflow: build", build, "us")
    yield Figure("callflow: validate", judge, "us")
    yield Figure("callflow: to_json", write, "us")


def _peers() -> Iterator[Figure]:
    """Yield the same answer, and the same validation, by others; each ratio is ours to theirs."""
    if not BENCH_PYTHON.exists():
        print("no .venv-bench: nothing to compare with (`make bench` makes it)", file=sys.stderr)
        return
    for what, title in (("answers", "answer of four nodes"), ("validation", "validate four plain nodes")):
        (_, ours), *others = _measured(what).items()
        for name, other in others:
            yield Figure(f"callflow: {title}, beside {name}", ours, "us", other, name)
    rounds = [{name: _measured("import", name) for name in LIBRARIES} for _ in range(5)]
    for unit, title in (("ms", "import and first answer, processor"), ("MB", "memory of that")):
        (_, ours), *others = (
            (name, statistics.median(each[name][unit] for each in rounds)) for name in LIBRARIES
        )
        for name, other in others:
            yield Figure(f"callflow: {title}, beside {name}", ours, unit, other, name)


def _measured(*what: str) -> Any:
    command = [str(BENCH_PYTHON), str(ROOT / "benchmarks" / "peers" / "measure.py"), *what]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'kazoo'}"}
    found = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(found.stdout)


def _quickest(*works: Callable[[], object]) -> list[float]:
    """Return the quickest time of each in microseconds, taken in turns: a busy machine slows all alike."""
    best = [float("inf")] * len(works)
    for _ in range(40):
        for place, work in enumerate(works):
            start = time.perf_counter()
            for _ in range(50):
                work()
            best[place] = min(best[place], (time.perf_counter() - start) / 50 * 1e6)
    return best


def _imports() -> Iterator[Figure]:
    models = "from kazoo_callflow import models; models.Tts, models.CollectDtmf, models.Pivot, models.Hangup"
    first, four, pydantic = _new_processes(FLOW, models, PYDANTIC)
    yield Figure("callflow: import, first answer included", first, "ms", pydantic, "pydantic and one model")
    yield Figure("callflow: import four models", four, "ms", pydantic, "pydantic and one model")


def _new_processes(*codes: str) -> list[float]:
    """Return the quickest time of each in a new process, in milliseconds, after Python itself had started."""
    best = [float("inf")] * len(codes)
    for _ in range(7):
        for place, code in enumerate(codes):
            timed = f"import time\nstart = time.perf_counter()\n{code}\nprint(time.perf_counter() - start)"
            run = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
            best[place] = min(best[place], float(run.stdout) * 1000)
    return best


def _command() -> Iterator[Figure]:
    code = """
import resource, sys, time
sys.argv = ["pivot", "validate", "--jsonl", "--json", FILE]
from pivotctl.cli import main
start = time.perf_counter()
try:
    main()
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - start, used, file=sys.stderr)
"""
    rows = [json.dumps({"flow": _built().to_dict()}), json.dumps({"flow": {"module": "tts", "data": {}}})]
    measured = {}
    for count in (1_000, 10_000):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("\n".join(rows[number % 10 == 0] for number in range(count)))
            file.flush()
            run = subprocess.run(
                [sys.executable, "-c", code.replace("FILE", repr(file.name))],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=True,
                cwd=ROOT,
            )
            seconds, kilobytes = run.stderr.split()
            measured[count] = (float(seconds), float(kilobytes) / 1024)
    (parse,) = _quickest(lambda: json.loads(rows[0]))
    each = (measured[10_000][0] - measured[1_000][0]) / 9_000 * 1e6
    yield Figure("pivot validate: each of 10,000 flows", each, "µs", parse, "json.loads of the flow")
    yield Figure("pivot validate: 10,000 flows", measured[10_000][0], "s", measured[1_000][0], "1,000 flows")
    yield Figure(
        "pivot validate: memory for 10,000 flows",
        measured[10_000][1],
        "MB",
        measured[1_000][1],
        "1,000 flows",
    )
