"""`make simulate SEED=7 CALLS=1000000`: many worlds side by side, on all processors.

Each world has a seed of its own, which follows from the one given, so that a world that fails replays alone.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from tests.ledger.simulation.world import BrokenError, Setting, World, shown, worse

CALLS_OF_A_WORLD = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One world to run."""

    seed: int
    calls: int
    accounts: int
    worse: float

    def run(self) -> Counter[str]:
        """Return what happened in it; BrokenError says what must not have."""
        setting = worse(Setting(), self.worse)
        world = World(self.seed, self.calls, accounts=self.accounts, setting=setting)
        try:
            counts = world.run()
        except BrokenError as broken:
            raise BrokenError(f"{broken}\n{self.command} replays it") from None
        return counts + Counter(requests=world.table.requests.total())

    @property
    def command(self) -> str:
        """What runs this world alone."""
        if (self.accounts, self.worse) == (20, 1.0):
            return f"make simulate SEED={self.seed} CALLS={self.calls}"
        options = f"--seed {self.seed} --calls {self.calls} --accounts {self.accounts} --worse {self.worse}"
        return f".venv/bin/python -m tests.ledger.simulation {options}"


def worlds(seed: int, calls: int, accounts: int, factor: float) -> Iterator[Wanted]:
    """Yield the worlds of a run: the first has the seed of the run, each further one the next."""
    for number, begun in enumerate(range(0, calls, CALLS_OF_A_WORLD)):
        yield Wanted(seed + number, min(CALLS_OF_A_WORLD, calls - begun), accounts, factor)


def main() -> int:
    """Run a simulation; print how far it is, what happened, and the command that replays a failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--accounts", type=int, default=20, help="of each of the two operators of a world")
    parser.add_argument("--worse", type=float, default=1.0, help="how many times as bad the worlds are")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    given = parser.parse_args()
    print(f"seed {given.seed}, {given.calls:,} calls, {given.processes} processes", flush=True)
    counts: Counter[str] = Counter()
    began = time.monotonic()
    with ProcessPoolExecutor(given.processes) as pool:
        wanted = list(worlds(given.seed, given.calls, given.accounts, given.worse))
        for done in as_completed([pool.submit(one.run) for one in wanted]):
            try:
                counts += done.result()
            except BrokenError as broken:
                print(f"BROKEN: {broken}", flush=True)
                pool.shutdown(wait=False, cancel_futures=True)
                return 1
            print(progress(counts["calls"], given.calls, time.monotonic() - began), flush=True)
    print(shown(counts))
    print("conservation, admission, limits, every paid second billed or listed, none twice: all hold")
    return 0


def progress(done: int, calls: int, seconds: float) -> str:
    """How far a run is, how fast it goes, and how long the rest takes."""
    left = (calls - done) * seconds / done
    return f"{done:>12,} of {calls:,} calls, {done / seconds:,.0f} a second, {left / 60:.0f} min left"


if __name__ == "__main__":
    sys.exit(main())
