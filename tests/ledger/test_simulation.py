"""Small worlds on every run; `make simulate SEED=... CALLS=...` runs big ones and replays a seed."""

from __future__ import annotations

import pytest

from tests.ledger.simulation.world import Setting, World, worse


@pytest.mark.parametrize("seed", range(4))
def test_the_books_hold_in_a_bad_world(seed: int) -> None:
    """Hostile callers, lost, late, doubled webhooks, clocks five minutes off, deaths between any requests."""
    counts = World(seed, 200, accounts=8).run()
    assert counts["checked"] > 80
    assert counts["killed"] > 0
    assert counts["lost"] > 0


def test_the_books_hold_in_a_worse_world() -> None:
    """Three times as bad."""
    counts = World(11, 200, accounts=8, setting=worse(Setting(), 3)).run()
    assert counts["checked"] > 80


def test_a_seed_replays() -> None:
    """The same seed is the same run."""
    first, again = (World(5, 60, accounts=4) for _ in range(2))
    assert first.run() == again.run()
    assert first.table.requests == again.table.requests
    assert set(first.calls) == set(again.calls)
