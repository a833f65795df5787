"""What an answer costs: building, judging, writing, importing, and `pivot validate` on ten thousand flows.

The same four steps (say, collect digits, ask a server, hang up) are built by `callflow`, as a bare dict with
json.dumps, and by two well-known voice builders, Twilio's VoiceResponse and Vonage's NCCO models. Those two
live in an environment of their own (`make bench` makes it); where it is missing their figures are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figure import Figure
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

TWILIO = """
from twilio.twiml.voice_response import VoiceResponse
def build():
    response = VoiceResponse()
    gather = response.gather(num_digits=1, action="https://voice.example.com/menu", method="POST", timeout=5)
    gather.say("Press 1 for sales.")
    response.redirect("https://voice.example.com/menu", method="POST")
    response.hangup()
    return str(response).encode()
"""

VONAGE = """
import json
from vonage_voice.models import Dtmf, Input, Notify, Talk
def build():
    actions = [
        Talk(text="Press 1 for sales.", bargeIn=True),
        Input(type=["dtmf"], dtmf=Dtmf(maxDigits=1, timeOut=5), eventUrl=["https://voice.example.com/menu"]),
        Notify(payload={"menu": "main"}, eventUrl=["https://voice.example.com/menu"]),
        Talk(text="Good-bye."),
    ]
    return json.dumps([action.model_dump(by_alias=True, exclude_none=True) for action in actions]).encode()
"""

MEASURE = """
import time
build()
samples = []
for _ in range(40):
    start = time.perf_counter()
    for _ in range(50):
        build()
    samples.append((time.perf_counter() - start) / 50 * 1e6)
print(min(samples))
"""


def figures() -> Iterator[Figure]:
    """Measure everything, cheapest first."""
    yield from _answers()
    yield from _imports()
    yield from _command()


def _built() -> Flow:
    return (
        tts("Press 1 for sales.")
        >> collect_dtmf("menu", max_digits=1, timeout=5000)
        >> pivot(URL, method="post", req_body_format="json")
        >> hangup()
    )


def _answer() -> bytes:
    flow = _built()
    if validate(flow, "5"):
        raise AssertionError("the benchmark's own flow is wrong")
    return flow.to_json()


def _bare() -> bytes:
    return json.dumps(
        {
            "module": "tts",
            "data": {"text": "Press 1 for sales."},
            "children": {
                "_": {
                    "module": "collect_dtmf",
                    "data": {"collection_name": "menu", "max_digits": 1, "timeout": 5000},
                    "children": {
                        "_": {
                            "module": "pivot",
                            "data": {"voice_url": URL, "method": "post", "req_body_format": "json"},
                            "children": {"_": {"module": "hangup", "data": {}}},
                        }
                    },
                }
            },
        }
    ).encode()


def _answers() -> Iterator[Figure]:
    flow = _built()
    answer, bare, build, judge, write = _quickest(
        _answer, _bare, _built, lambda: validate(flow), flow.to_json
    )
    yield Figure("callflow: answer of four nodes", answer, "µs", bare, "bare dict + json.dumps")
    yield Figure("callflow: build", build, "µs", answer, "whole answer")
    yield Figure("callflow: validate", judge, "µs", answer, "whole answer")
    yield Figure("callflow: to_json", write, "µs", answer, "whole answer")
    for name, code in (("Twilio VoiceResponse", TWILIO), ("Vonage NCCO models", VONAGE)):
        other = _elsewhere(code + MEASURE)
        if other is not None:
            yield Figure(f"callflow: answer, beside {name}", answer, "µs", other, name)


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


def _elsewhere(code: str) -> float | None:
    if not BENCH_PYTHON.exists():
        print("no .venv-bench: the voice builders are not measured (`make bench` makes it)", file=sys.stderr)
        return None
    found = subprocess.run([BENCH_PYTHON, "-c", code], capture_output=True, text=True, check=False)
    if found.returncode:
        print(f"not measured: {found.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return float(found.stdout)


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
