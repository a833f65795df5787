"""Many callers at once on one balance, on the emulator: exactly as many get through as it pays for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from pivot_app.ledger import (
    Account,
    Authorized,
    CallRequest,
    Controls,
    Destination,
    DynamoDBLedger,
    LegEvent,
    Rate,
    Refusal,
    Settlement,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREADS = 16
ROUNDS = 200
A_CALL_MICROS = 600_000
BY_THE_MINUTE = Rate("", 10_000)
TO_LONDON = Destination("+442071838750", "GB")


@pytest.fixture(scope="module")
def ledgers(emulator: Any) -> list[DynamoDBLedger]:
    """One ledger for each thread, as each Lambda instance has its own, on a table no sweeper looks at."""
    client, table = emulator.client("dynamodb"), "AccountsUnderLoad"
    described = client.describe_table(TableName=emulator.names["AccountsTable"])["Table"]
    keys = {name: described[name] for name in ("KeySchema", "AttributeDefinitions")}
    indexes = [
        {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
        for index in described["GlobalSecondaryIndexes"]
    ]
    client.create_table(
        TableName=table, BillingMode="PAY_PER_REQUEST", GlobalSecondaryIndexes=indexes, **keys
    )
    return [DynamoDBLedger(emulator.client("dynamodb"), table, budget_seconds=30) for _ in range(THREADS)]


def at_once(pool: ThreadPoolExecutor, work: Callable[[int], Any]) -> list[Any]:
    """What each thread's work gave, all let go at the same moment."""
    barrier = Barrier(THREADS)

    def run(thread: int) -> Any:
        barrier.wait()
        return work(thread)

    return list(pool.map(run, range(THREADS)))


def test_exactly_the_affordable_calls_are_admitted(
    ledgers: list[DynamoDBLedger], kazoo_account_id: str
) -> None:
    """A balance for k of 16 simultaneous calls admits exactly k, in every one of 200 rounds."""
    controls = Controls(max_live_calls=THREADS, max_call_seconds=3600)
    chance = random.Random(20260301)
    with ThreadPoolExecutor(THREADS) as pool:
        for round_number in range(ROUNDS):
            account_id = str(round_number)
            affordable = chance.randint(0, THREADS - 1)
            account = Account(kazoo_account_id, account_id, "USD", rates=(BY_THE_MINUTE,), controls=controls)
            ledgers[0].create(account, opening_micros=affordable * A_CALL_MICROS)

            def call(thread: int, account_id: str = account_id) -> Authorized | Refusal:
                request = CallRequest(f"{account_id}-{thread}@pbx", TO_LONDON)
                return ledgers[thread].authorize(kazoo_account_id, account_id, request, NOW)

            decisions = at_once(pool, call)
            admitted = [one for one in decisions if isinstance(one, Authorized)]
            assert [one.hold.hold_micros for one in admitted] == [A_CALL_MICROS] * affordable
            assert {one.reason for one in decisions if isinstance(one, Refusal)} == {"insufficient_funds"}
            after = ledgers[0].account(kazoo_account_id, account_id)
            assert after is not None
            assert after.available_micros(NOW) == 0
            assert {h.hold_id for h in after.holds.values()} == {one.hold.hold_id for one in admitted}


def test_books_agree_after_mixed_load(ledgers: list[DynamoDBLedger], kazoo_account_id: str) -> None:
    """Calls begin, end once or twice and top-ups come, on three accounts at once: the books are right."""
    accounts = ("1", "2", "3")
    controls = Controls(max_live_calls=8, max_call_seconds=600)
    for account_id in accounts:
        account = Account(kazoo_account_id, account_id, "USD", rates=(BY_THE_MINUTE,), controls=controls)
        ledgers[0].create(account, opening_micros=2_000_000)

    def live(thread: int) -> int:
        chance, ledger, admitted = random.Random(thread), ledgers[thread], 0
        for turn in range(6):
            account_id = chance.choice(accounts)
            call_id = f"{thread}-{turn}@pbx"
            now = NOW + timedelta(seconds=chance.randint(0, 30) + 60 * turn)
            decision = ledger.authorize(kazoo_account_id, account_id, CallRequest(call_id, TO_LONDON), now)
            if isinstance(decision, Refusal):
                reference = f"{thread}-{turn}"
                ledger.top_up(kazoo_account_id, account_id, 100_000, reference=reference, now=now)
                continue
            admitted += 1
            for _ in range(chance.choice((0, 1, 2))):
                hold_id, lasted = decision.hold.hold_id, chance.randint(0, 700)
                ledger.settle(kazoo_account_id, account_id, hold_id, lasted, now)
        return admitted

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(at_once(pool, live)) > THREADS
    for account_id in accounts:
        assert ledgers[0].reconcile(kazoo_account_id, account_id) == []


class Counting:
    """A client that counts its requests. DynamoDB serves plain updates of one item one after another."""

    def __init__(self, client: Any) -> None:
        self.client, self.requests = client, Counter[str]()

    def __getattr__(self, operation: str) -> Any:
        def run(**request: Any) -> Any:
            self.requests[operation] += 1
            return getattr(self.client, operation)(**request)

        return run


def test_a_hundred_calls_that_end_together_wait_for_nobody(
    ledgers: list[DynamoDBLedger], kazoo_account_id: str
) -> None:
    """A trunk goes down: 100 calls of one account end at once, and each is settled at its first try."""
    controls = Controls(max_live_calls=100, max_call_seconds=3600)
    account = Account(kazoo_account_id, "1", "USD", rates=(BY_THE_MINUTE,), controls=controls)
    ledgers[0].create(account, opening_micros=100 * A_CALL_MICROS)
    holds = []
    for number in range(100):
        request = CallRequest(f"a{number}", TO_LONDON)
        decision = ledgers[0].authorize(kazoo_account_id, "1", request, NOW)
        assert isinstance(decision, Authorized)
        holds.append(decision.hold)
    clients = [Counting(ledger.table.client) for ledger in ledgers]
    consumers = [DynamoDBLedger(client, ledgers[0].table.name) for client in clients]
    later = NOW + timedelta(seconds=300)
    at = int(later.timestamp())

    def consume(thread: int) -> None:
        settlement = Settlement(consumers[thread])
        for number in range(thread, 100, THREADS):
            b_end = LegEvent(
                "destroy", f"b{number}", "outbound", f"a{number}", at=at, received_at=at, seconds=60
            )
            a_end = LegEvent(
                "destroy",
                f"a{number}",
                "inbound",
                f"b{number}",
                hold_id=holds[number].hold_id,
                at=at,
                received_at=at,
                seconds=70,
            )
            for event in (b_end, a_end):
                settlement.told(kazoo_account_id, event, later)

    with ThreadPoolExecutor(THREADS) as pool:
        at_once(pool, consume)
    requests = sum((client.requests for client in clients), Counter[str]())
    assert requests["transact_write_items"] == 0
    assert requests["update_item"] == 100
    settled = ledgers[0].account(kazoo_account_id, "1")
    assert settled is not None
    assert (len(settled.holds), settled.spent_micros) == (0, 100 * BY_THE_MINUTE.cost_micros(60))
    assert ledgers[0].reconcile(kazoo_account_id, "1") == []
