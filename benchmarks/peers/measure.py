"""Measure in turns, and print medians as JSON: `measure.py answers`, `validation` or `import NAME`.

Processor time of this process: what other work the machine has does not count, and taking turns shares what
it disturbs.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.peers.builders import LIBRARIES

ROUNDS, LOOPS = 60, 40


def in_turns(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median microseconds of each work."""
    samples: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(ROUNDS):
        for name, work in works.items():
            start = time.process_time_ns()
            for _ in range(LOOPS):
                work()
            if turn > 2:
                samples[name].append((time.process_time_ns() - start) / LOOPS / 1000)
    return {name: statistics.median(found) for name, found in samples.items()}


def answers() -> dict[str, float]:
    """Measure the answer of each library."""
    return in_turns({name: _build_of(name) for name in LIBRARIES})


def imported(name: str) -> dict[str, float]:
    """Return the milliseconds and megabytes of importing one library and building one answer."""
    before = _resident_mb()
    start = time.process_time()
    _build_of(name)()
    took = (time.process_time() - start) * 1000
    return {"ms": took, "MB": _resident_mb() - before}


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _build_of(name: str) -> Callable[[], bytes]:
    scope: dict[str, Any] = {}
    exec(LIBRARIES[name], scope)
    build: Callable[[], bytes] = scope["build"]
    return build


def main() -> None:
    """Measure what the command line names."""
    what, *rest = sys.argv[1:]
    if what == "import":
        print(json.dumps(imported(*rest)))
    elif what == "answers":
        print(json.dumps(answers()))
    else:
        # It imports kazoo_callflow, whose import is measured above.
        from benchmarks.peers.validation import validators

        print(json.dumps(in_turns(validators())))


if __name__ == "__main__":
    main()
