"""`python -m tests.ledger.simulation --seed 7 --calls 1000000`."""

from __future__ import annotations

import argparse
import random
import sys
import time

from tests.ledger.simulation.world import BrokenError, Setting, World, shown, worse


def main() -> int:
    """Run one simulation; print what happened, and the seed that replays a failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--accounts", type=int, default=20, help="of each of the two operators")
    parser.add_argument("--worse", type=float, default=1.0, help="how many times as bad the world is")
    given = parser.parse_args()
    setting = worse(Setting(), given.worse)
    world = World(given.seed, given.calls, accounts=given.accounts, setting=setting)
    print(f"seed {given.seed}, {given.calls:,} calls")
    began = time.monotonic()
    try:
        counts = world.run()
    except BrokenError as broken:
        print(f"BROKEN: {broken}\nmake simulate SEED={given.seed} CALLS={given.calls} replays it")
        return 1
    took = time.monotonic() - began
    requests = sum(world.table.requests.values())
    print(shown(counts))
    print(f"{took:.0f} s, {given.calls / took:,.0f} calls a second, {requests:,} requests to the table")
    print("conservation, admission, limits, every paid second billed or listed, none twice: all hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
