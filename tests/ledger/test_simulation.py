"""Small worlds on every run; `make simulate SEED=... CALLS=...` runs big ones and replays a seed."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.ledger.simulation.__main__ import CALLS_OF_A_WORLD, progress, worlds
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


@pytest.mark.stack
def test_the_books_hold_on_the_emulator(emulator: Any) -> None:
    """The same world, on DynamoDB's own conditions and transactions as the emulator has them."""
    client, table = emulator.client("dynamodb"), f"Simulated{uuid.uuid4().hex[:8]}"
    described = client.describe_table(TableName=emulator.names["AccountsTable"])["Table"]
    index = described["GlobalSecondaryIndexes"][0]
    client.create_table(
        TableName=table,
        KeySchema=described["KeySchema"],
        AttributeDefinitions=described["AttributeDefinitions"],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[{name: index[name] for name in ("IndexName", "KeySchema", "Projection")}],
    )
    world = World(3, 30, accounts=3, client=client, table_name=table)
    assert world.run()["checked"] > 10
    assert not world.table.requests


def test_worlds_of_a_run_replay_alone() -> None:
    """The command that a failure prints runs that world and no other."""
    wanted = list(worlds(7, 2 * CALLS_OF_A_WORLD + 10, 20, 1.0))
    assert [(one.seed, one.calls) for one in wanted] == [(7, 5_000), (8, 5_000), (9, 10)]
    assert wanted[1].command == "make simulate SEED=8 CALLS=5000"
    assert list(worlds(8, 5_000, 20, 1.0)) == [wanted[1]]
    assert progress(500, 2_000, 10) == "         500 of 2,000 calls, 50 a second, 0 min left"


def test_a_seed_replays() -> None:
    """The same seed is the same run."""
    first, again = (World(5, 60, accounts=4) for _ in range(2))
    assert first.run() == again.run()
    assert first.table.requests == again.table.requests
    assert set(first.calls) == set(again.calls)
