"""How often PINs are tried: counted before a PIN is looked at, however many calls try at once."""

from __future__ import annotations

import threading
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.identity import FIRST_WAIT_SECONDS, FREE_TRIES, DynamoDBPinAttempts, Tries
from pivot_app.identity._attempts import FORGET_SECONDS, LONGEST_WAIT_SECONDS
from tests.conftest import Tables

NOW = 1_800_000_000


@pytest.fixture
def attempts(emulator: Tables) -> DynamoDBPinAttempts:
    """The counter on the emulator's table of call states."""
    return DynamoDBPinAttempts(emulator.client("dynamodb"), emulator.names["CallStateTable"])


@pytest.fixture
def kazoo() -> str:
    """A KAZOO account of its own."""
    return uuid.uuid4().hex


def allowed(
    attempts: DynamoDBPinAttempts, kazoo: str, tries: int, now: int = NOW, account: str = "1001"
) -> int:
    """How many of so many tries are allowed."""
    return sum(attempts.reserve(kazoo, account, now) for _ in range(tries))


def test_ten_tries_then_a_wait_that_doubles(attempts: DynamoDBPinAttempts, kazoo: str) -> None:
    """Each further try waits twice as long as the one before."""
    assert allowed(attempts, kazoo, 15) == FREE_TRIES
    now, wait = NOW, FIRST_WAIT_SECONDS
    for _ in range(4):
        assert allowed(attempts, kazoo, 2, now + wait - 1) == 0
        now += wait
        assert allowed(attempts, kazoo, 3, now) == 1
        wait *= 2


def test_parallel_tries_are_all_counted(attempts: DynamoDBPinAttempts, kazoo: str) -> None:
    """Of 24 at once no more than ten are looked at."""
    barrier, results = threading.Barrier(24), []

    def guess() -> None:
        barrier.wait()
        results.append(attempts.reserve(kazoo, "1003", NOW))

    threads = [threading.Thread(target=guess) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(results) <= FREE_TRIES
    assert attempts.read(kazoo, "1003").tries == sum(results)


def test_one_pin_tried_on_many_accounts_meets_the_cap(attempts: DynamoDBPinAttempts, kazoo: str) -> None:
    """It counts over the whole KAZOO account for an hour; another KAZOO account is untouched."""
    tried = [attempts.reserve(kazoo, str(account), NOW, cap=5) for account in range(8)]
    assert tried == [True] * 5 + [False] * 3
    assert attempts.reserve(kazoo, "99", NOW + 3_600, cap=5)
    assert attempts.reserve(uuid.uuid4().hex, "1", NOW, cap=5)


def test_right_pins_do_not_use_the_cap_up(attempts: DynamoDBPinAttempts, kazoo: str) -> None:
    """A busy line with honest callers stays open."""
    for account in map(str, range(12)):
        assert attempts.reserve(kazoo, account, NOW, cap=3)
        attempts.succeeded(kazoo, account, NOW)


def test_a_right_pin_or_an_operator_opens_an_account(attempts: DynamoDBPinAttempts, kazoo: str) -> None:
    """The count starts again."""
    assert allowed(attempts, kazoo, 12) == FREE_TRIES
    attempts.unlock(kazoo, "1001")
    assert attempts.read(kazoo, "1001") == Tries()
    assert allowed(attempts, kazoo, 12) == FREE_TRIES


@given(st.lists(st.integers(min_value=0, max_value=400_000), max_size=60))
def test_no_hour_sees_more_than_ten_tries_and_some(gaps: list[int]) -> None:
    """Whatever the times of the tries: in a day of waiting between them there is one for each wait."""
    counted, now, made = Tries(), NOW, list[int]()
    for gap in gaps:
        now += gap
        after = counted.after_a_try(now)
        if after is not None:
            made.append(now)
            counted = after
    for begin in made:
        assert sum(begin <= each < begin + FIRST_WAIT_SECONDS for each in made) <= FREE_TRIES


def test_what_is_forgotten() -> None:
    """After two quiet days the count starts again; the wait is a day at most."""
    counted = Tries(40, NOW + LONGEST_WAIT_SECONDS, NOW)
    assert counted.after_a_try(NOW + LONGEST_WAIT_SECONDS - 1) is None
    later = counted.after_a_try(NOW + LONGEST_WAIT_SECONDS)
    assert later == Tries(41, NOW + 2 * LONGEST_WAIT_SECONDS, NOW + LONGEST_WAIT_SECONDS)
    assert counted.after_a_try(NOW + FORGET_SECONDS) == Tries(1, 0, NOW + FORGET_SECONDS)
