"""One measured figure and how to measure it."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, the baseline of the same run it is held against, and their ratio.

    A figure without a baseline (a size, a count) has neither.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    baseline_name: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the baseline this is."""
        return round(self.value / self.baseline, 3) if self.baseline else None

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self) | {"ratio": self.ratio})


def microseconds(work: Callable[[], object], *, repeats: int = 7, loops: int = 200) -> float:
    """Return the median time of one call of `work`, warm, in microseconds."""
    work()
    samples = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(loops):
            work()
        samples.append((time.perf_counter() - start) / loops * 1e6)
    return statistics.median(samples)
