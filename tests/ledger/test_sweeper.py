"""A round of the sweeper: shared out by account, bounded in time, gone on with; what is left is counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
    Settlement,
)
from pivot_app.sweep import ACCOUNTS_A_PART, ROUND_SECONDS, Sweeper
from tests.ledger.simulation.memory_table import MemoryTable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENANT = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"


class Round:
    """Accounts with live calls, a sweeper, and its queue."""

    def __init__(self, accounts: int, calls: int = 1) -> None:
        self.table = MemoryTable()
        self.ledger = DynamoDBLedger(self.table, "accounts")
        self.queue: list[str] = []
        watch: Any = None
        self.sweeper = Sweeper(self.ledger, Settlement(self.ledger), watch, share=self.queue.append)
        for number in range(accounts):
            self.open(str(1_000 + number), calls)

    def open(self, number: str, calls: int) -> None:
        """An account whose calls are up: both legs are reported, none has ended."""
        controls = Controls(max_live_calls=100)
        account = Account(TENANT, number, "USD", rates=(Rate("44", 1_000),), controls=controls)
        self.ledger.create(account, opening_micros=10**9)
        settlement = Settlement(self.ledger)
        for call in range(calls):
            call_id, other = f"a-{number}-{call}", f"b-{number}-{call}"
            request = CallRequest(call_id, Destination("+442071838750", "GB"))
            decision = self.ledger.authorize(TENANT, number, request, NOW)
            assert isinstance(decision, Authorized)
            at = int(NOW.timestamp())
            told = [
                LegEvent("create", call_id, at=at, received_at=at),
                LegEvent("create", other, "outbound", call_id, at=at + 5, received_at=at + 5),
                LegEvent("answer", other, "outbound", call_id, at=at + 9, received_at=at + 9),
                LegEvent(
                    "bridge",
                    call_id,
                    other_leg=other,
                    at=at + 9,
                    received_at=at + 9,
                    hold_id=decision.hold.hold_id,
                ),
            ]
            for event in told:
                settlement.told(TENANT, event, NOW + timedelta(seconds=10))

    def sweep(self, later: float = 30, has_time: Callable[[], bool] = lambda: True) -> Counter[str]:
        """Begin a round."""
        return Counter(self.sweeper.sweep(NOW + timedelta(seconds=later), has_time))

    def go_on(self, later: float = 30, has_time: Callable[[], bool] = lambda: True) -> Counter[str]:
        """Carry on with all that was shared out, as other instances do."""
        counts: Counter[str] = Counter()
        parts, self.queue[:] = list(self.queue), []
        for body in parts:
            counts += Counter(self.sweeper.go_on(body, NOW + timedelta(seconds=later), has_time))
        return counts


def times(most: int) -> Callable[[], bool]:
    """Time for so many looks at the clock."""
    left = iter(range(most))
    return lambda: next(left, None) is not None


def test_a_few_accounts_are_swept_at_once() -> None:
    """No queue is needed for them."""
    here = Round(ACCOUNTS_A_PART)
    assert here.sweep()["accounts"] == ACCOUNTS_A_PART
    assert not here.queue


def test_many_accounts_are_shared_out_and_each_is_swept_once() -> None:
    """A part to each message, and the last part at once."""
    here = Round(3 * ACCOUNTS_A_PART + 7)
    started = here.sweep()
    assert (started["accounts"], started["shared"], len(here.queue)) == (7, 3 * ACCOUNTS_A_PART, 3)
    shared = [number for body in here.queue for _, number in json.loads(body)["accounts"]]
    assert len(set(shared)) == len(shared)
    assert here.go_on()["accounts"] == 3 * ACCOUNTS_A_PART


def test_what_an_instance_has_no_time_for_goes_on_in_another() -> None:
    """The rest of a part is a part of its own."""
    here = Round(ACCOUNTS_A_PART)
    assert here.sweep(has_time=times(10)) == Counter(accounts=10)
    assert here.go_on(has_time=times(10)) == Counter(accounts=10)
    assert here.go_on() == Counter(accounts=5)
    assert not here.queue


def test_a_list_that_is_too_long_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another instance goes on where the time ended."""
    here = Round(4)
    pages = [([(TENANT, "1000"), (TENANT, "1001")], {"pk": {"S": "x"}}), ([(TENANT, "1002")], None)]

    def pages_with_holds(_: object, start: Any = None) -> Any:
        yield from pages[1:] if start else pages

    monkeypatch.setattr(DynamoDBLedger, "pages_with_holds", pages_with_holds)
    assert here.sweep(has_time=times(0))["accounts"] == 0
    assert [json.loads(body).get("start") for body in here.queue] == [{"pk": {"S": "x"}}]
    assert here.go_on()["accounts"] == 1


def test_a_part_that_waited_for_a_minute_is_left_and_counted() -> None:
    """The next round has its accounts too; the alarm on what is left says that rounds take too long."""
    here = Round(2 * ACCOUNTS_A_PART)
    here.sweep()
    assert here.go_on(later=30 + ROUND_SECONDS) == Counter(left_over=ACCOUNTS_A_PART)


def test_an_instance_without_time_leaves_its_accounts() -> None:
    """It does not put back a part it has not started, again and again."""
    here = Round(3)
    assert here.sweep(has_time=times(0))["left_over"] == 3
    assert not here.queue


def test_what_a_live_call_costs_each_minute() -> None:
    """Three queries a call and one read an account: docs/ledger.md reckons with it."""
    here = Round(5, calls=20)
    before = Counter(here.table.requests)
    assert here.sweep()["accounts"] == 5
    asked = here.table.requests - before
    assert asked["query"] <= 100 * 3
    assert asked.total() - asked["query"] <= 5 * 3 + 1
