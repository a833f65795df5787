"""Steps of calls on a DynamoDB that many containers write to at once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from kazoo_pivot import KEEP_S, CallKey, CallStates, StateRefusedError, Step
from kazoo_pivot.testing import MemoryCallStates
from pivot_app.call_state import DynamoDBCallStates
from tests.conftest import Tables

AT_ONCE = 12
NOW_S = int(time.time())


@pytest.fixture(params=["dynamodb", "memory"])
def states(request: pytest.FixtureRequest) -> CallStates:
    """The table of the emulator, and the fake that authors test with: both keep the same promises."""
    if request.param == "memory":
        return MemoryCallStates()
    return request.getfixturevalue("table")


@pytest.fixture
def table(emulator: Tables) -> DynamoDBCallStates:
    """The table of the emulator."""
    return DynamoDBCallStates(emulator.client("dynamodb"), emulator.names["CallStateTable"])


@pytest.fixture
def step() -> Callable[..., Step]:
    """Steps of one call of its own."""
    call_id = f"call-{uuid.uuid4()}"

    def made(
        number: int = 1,
        fingerprint: str = "a",
        started_ms: int = 1_000,
        path: str = "/first",
        nonce: str = "n",
        now_s: int = NOW_S,
    ) -> Step:
        key = CallKey("a" * 32, call_id, started_ms, nonce)
        return Step(key=key, path=path, number=number, fingerprint=fingerprint, now_s=now_s)

    return made


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Results of the work done by many at the same moment; a refusal is a result too."""
    barrier = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            return work(number)
        except StateRefusedError as error:
            return error.reason

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_a_step_is_taken_once(states: CallStates, step: Callable[..., Step]) -> None:
    """Of identical requests at the same moment exactly one is the first."""
    for number in range(1, 6):
        repeated = at_once(lambda _, number=number: states.take(step(number)).repeated)
        assert repeated.count(False) == 1


def test_different_requests_for_one_step(states: CallStates, step: Callable[..., Step]) -> None:
    """Only one of several sets of digits is ever accepted for a step."""
    results = at_once(lambda number: states.take(step(fingerprint=str(number))).repeated)
    assert sorted(map(str, results)) == ["False", *["state_replayed"] * (AT_ONCE - 1)]


def test_steps_only_go_forward(states: CallStates, step: Callable[..., Step]) -> None:
    """After step 3 step 2 is refused; a call that began later goes through its own steps."""
    states.take(step(1))
    states.take(step(3))
    with pytest.raises(StateRefusedError):
        states.take(step(2))
    assert states.take(step(1)).repeated
    assert not states.take(step(1, started_ms=2_000, nonce="later")).repeated
    assert not states.take(step(4)).repeated


def test_two_branches_of_one_answer_may_both_be_taken(states: CallStates, step: Callable[..., Step]) -> None:
    """A pivot node and the one in its fallback are the same step on two paths."""
    assert not states.take(step(1, path="/first")).repeated
    assert not states.take(step(1, path="/second")).repeated


def test_answer_and_cavs_are_kept_together(states: CallStates, step: Callable[..., Step]) -> None:
    """A repeat finds both; later steps see the CAVs, of any name and any text."""
    cavs = {"name": "Zoë 山田", "empty": "", "step": "x", "a-b_c": "'; DROP"}
    assert states.take(step(1), answer="{}", cavs=cavs).cavs == {}
    again = states.take(step(1), answer="other", cavs={"name": "other"})
    assert (again.repeated, again.answer, again.cavs) == (True, "{}", cavs)
    states.keep(step(2), answer=None, cavs={"name": "Ada"})
    assert states.take(step(3)).cavs == cavs | {"name": "Ada"}


def test_calls_with_one_call_id_know_nothing_of_each_other(
    states: CallStates, step: Callable[..., Step]
) -> None:
    """A device chooses its Call-ID: what one call proved is not another's, even while both last."""
    states.take(step(1, nonce="first"), answer="{}", cavs={"account_id": "1001"})
    assert states.take(step(1, nonce="second", started_ms=1_001)).cavs == {}
    assert states.take(step(2, nonce="first")).cavs == {"account_id": "1001"}


def test_the_end_of_a_call_ends_its_state(table: DynamoDBCallStates, step: Callable[..., Step]) -> None:
    """What was kept is gone, what still asks in its name is refused; a call that began later goes on."""
    table.take(step(0, fingerprint="f"))
    table.keep(step(0, fingerprint="f"), answer="{}", cavs={"account_id": "1001"}, for_good=True)
    table.take(step(1, nonce="later", started_ms=9_000), cavs={"account_id": "2002"})
    first = step()
    table.forget(first.key.account_id, first.key.call_id, until_ms=5_000)
    for over in (step(2), step(0, fingerprint="f"), step(1, nonce="never seen")):
        with pytest.raises(StateRefusedError, match="ended"):
            table.take(over)
    assert table.take(step(2, nonce="later", started_ms=9_000)).cavs == {"account_id": "2002"}
    # Told again, and an earlier end told late: nothing more happens.
    for until_ms in (5_000, 1_000):
        table.forget(first.key.account_id, first.key.call_id, until_ms=until_ms)
    assert table.take(step(3, nonce="later", started_ms=9_000)).cavs == {"account_id": "2002"}
    item = table._request("get_item", first.key.account_id, first.key.call_id)["Item"]
    assert "1001" not in str(item)


def test_state_past_its_time_counts_as_none(table: DynamoDBCallStates, step: Callable[..., Step]) -> None:
    """DynamoDB removes an expired item within days; it is not believed until then."""
    table.take(step(1), answer="{}", cavs={"account_id": "1001"})
    late = NOW_S + KEEP_S
    assert table.take(step(2, now_s=late)).cavs == {}
    table.take(step(5))
    with pytest.raises(StateRefusedError, match="expired"):
        table.take(step(5, now_s=late))


def test_only_the_last_answer_stays(table: DynamoDBCallStates, step: Callable[..., Step]) -> None:
    """An item does not grow with every answer of the call; an answer kept forever stays."""
    table.take(step(0))
    table.keep(step(0), answer="first", cavs={}, for_good=True)
    for number in (1, 2):
        table.take(step(number), answer=f"answer {number}")
    assert table.take(step(2)).answer == "answer 2"
    assert table.take(step(1)).answer is None
    assert table.take(step(0)).answer == "first"


def test_an_answer_too_large_is_not_kept(table: DynamoDBCallStates, step: Callable[..., Step]) -> None:
    """The item stays small; such a step is worked out again."""
    table.take(step(1), answer="x" * 9_000)
    taken = table.take(step(1))
    assert taken.repeated
    assert taken.answer is None


def test_first_requests_may_come_again(states: CallStates, step: Callable[..., Step]) -> None:
    """A caller who loops back to the first node with other digits is another first request."""
    assert not states.take(step(0, fingerprint="a", started_ms=1_000)).repeated
    assert not states.take(step(0, fingerprint="b", started_ms=1_001)).repeated
    assert states.take(step(0, fingerprint="a", started_ms=1_002)).repeated
