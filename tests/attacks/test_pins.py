"""PINs: all at once, one on many accounts, and what strangers can learn about accounts."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from pivot_app.identity import FREE_TRIES
from tests.attacks.attacker import PIN, Answer, Victim, new_call
from tests.attacks.test_state import begun, step

pytestmark = pytest.mark.stack


def guess(victim: Victim, account_id: str, pin: str) -> Answer:
    """A call that tries one PIN."""
    call_id = new_call()
    return step(victim, call_id, begun(victim, call_id), account_id, pin)


def is_right(answer: Answer) -> bool:
    """Whether the caller is let in."""
    return answer.status == 200 and answer.following[0] == "/account_balance"


def at_once(victim: Victim, guesses: list[tuple[str, str]]) -> list[Answer]:
    """All of these pairs at the same moment, each in a separate call that is already running."""
    calls = [(call_id := new_call(), begun(victim, call_id)) for _ in guesses]
    bar = Barrier(len(guesses))

    def go(number: int) -> Answer:
        call_id, at = calls[number]
        bar.wait()
        return step(victim, call_id, at, *guesses[number])

    with ThreadPoolExecutor(len(guesses)) as pool:
        return list(pool.map(go, range(len(guesses))))


def test_guesses_in_parallel_are_all_counted(victim: Victim) -> None:
    """24 at once over several instances: ten are looked at, and the right PIN is refused afterwards."""
    account_id = victim.customer()
    answers = at_once(victim, [(account_id, f"{number:04d}") for number in range(24)])
    assert not any(map(is_right, answers))
    # On a busy machine a call may come too late for words; it was counted all the same.
    in_time = [each for each in answers if each.status == 200 and "x-pivot-fallback" not in each.headers]
    assert len({answer.said for answer in in_time}) <= 1
    assert victim.attempts.read(victim.account, account_id).tries == FREE_TRIES
    assert not is_right(guess(victim, account_id, PIN))


def test_the_right_pin_in_a_crowd_opens_nothing_once_the_tries_are_used_up(victim: Victim) -> None:
    """Ten wrong ones, then the right one 24 times at once."""
    account_id = victim.customer()
    for number in range(FREE_TRIES):
        assert not is_right(guess(victim, account_id, f"{number:04d}"))
    assert not any(map(is_right, at_once(victim, [(account_id, PIN)] * 24)))


def test_one_pin_on_many_accounts_meets_the_cap_of_the_kazoo_account(victim: Victim) -> None:
    """The wrong PINs of all accounts count together: then the right one of a fresh account is refused."""
    other = Victim.on(victim.stack, pin_failures_per_hour=12)
    fresh = other.customer()
    assert is_right(guess(other, fresh, PIN))
    wrong = [(str(5_000_000 + number), PIN) for number in range(24)]
    assert not any(map(is_right, at_once(other, wrong)))
    assert not is_right(guess(other, fresh, PIN))


def test_an_account_that_exists_cannot_be_told_from_one_that_does_not(victim: Victim) -> None:
    """The same words, the same number of tries and the same time; also without a PIN, and when locked."""
    kinds = {
        "known": victim.customer(),
        "without a PIN": victim.customer(pin=None),
        "unknown": "77665544332211",
    }
    told: dict[str, list[str]] = {}
    took: dict[str, list[float]] = {}
    for name, account_id in kinds.items():
        told[name], took[name] = [], []
        for number in range(FREE_TRIES + 4):
            answer = guess(victim, account_id, f"{number:04d}")
            told[name].append(answer.said)
            if number < FREE_TRIES:
                took[name].append(answer.seconds)
    assert told["known"] == told["unknown"] == told["without a PIN"]
    assert set(told["known"]) == {told["known"][0]}
    # A hash takes some 40 ms: leaving it out for one of them would show as half the time.
    middle = {name: statistics.median(each) for name, each in took.items()}
    assert min(middle.values()) * 3 > max(middle.values())


def test_a_call_has_three_tries_and_no_more(victim: Victim) -> None:
    """The count travels in the signed state, and an older state says what it said."""
    account_id = victim.customer()
    call_id = new_call()
    at = begun(victim, call_id)
    for number in range(3):
        answer = step(victim, call_id, at, account_id, f"{number:04d}")
        assert not is_right(answer)
        at = answer.following if answer.following[0] else at
    assert answer.following[0] == ""
    replayed = step(victim, call_id, at, account_id, PIN)
    assert not is_right(replayed)


@pytest.mark.parametrize(
    "digits", ["1 OR 1", "*", "#", "１００１", "1001\0", "../1001", "-1", "1" * 300, "1001#pins"]
)
def test_an_account_number_is_digits(victim: Victim, digits: str) -> None:
    """It becomes part of a key: anything else is wrong, and is heard as wrong."""
    answer = guess(victim, digits, PIN)
    assert answer.is_harmless()
    assert not is_right(answer)
