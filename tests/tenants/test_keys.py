"""Keys are published before they sign, so that no call breaks while they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kazoo_pivot import KEEP_S, NotAuthenticatedError, StateKeys, StateRefusedError
from kazoo_pivot._state_token import StateToken, verify
from pivot_app.aws import Parameters
from pivot_app.tenants import KeyRing
from pivot_app.tenants._tokens import issue
from pivotctl.tokens import StageKeys

from .conftest import ACCOUNT, Clock, Door, MemorySsm

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class WritableSsm(MemorySsm):
    """SSM for an operator."""

    def put_parameter(self, *, Name: str, Value: str, **_: Any) -> None:  # noqa: N803
        """As botocore's."""
        import json

        self.values[Name] = json.loads(Value)


class Instances:
    """Instances of functions that read the keys at different times of one clock."""

    def __init__(self) -> None:
        self.ssm = WritableSsm()
        self.keys = StageKeys(self.ssm, "/p")
        self.clock = Clock()
        self.keys.ensure(now=NOW)

    @property
    def now(self) -> datetime:
        """The time of day."""
        return NOW + timedelta(seconds=self.clock.now - Clock.now)

    def time(self) -> float:
        """As `time.time`."""
        return self.now.timestamp()

    def instance(self) -> KeyRing:
        """Another instance, which has read nothing yet."""
        parameters = Parameters(lambda: self.ssm, "/p", clock=self.clock)
        return KeyRing(parameters, self.time)


def sign(keys: StateKeys) -> str:
    """A state token signed now."""
    return StateToken(path="/p", nonce="n", started_ms=1, step=1, expires_s=2**40).sign(keys, ACCOUNT, "c")


def is_taken(token: str, keys: StateKeys) -> bool:
    """Whether an instance with these keys takes a state token."""
    try:
        verify(token, keys, account_id=ACCOUNT, call_id="c", path="/p", query={})
    except StateRefusedError:
        return False
    return True


@pytest.mark.parametrize("every_s", [1, 30, 59, 60, 90, 119, 121, 600])
def test_no_call_breaks_while_keys_rotate(every_s: int) -> None:
    """Whatever one instance signs another takes, all through a rotation and a second one soon after.

    Instances read the keys when they are a minute old, each at another time.
    """
    world = Instances()
    rings = [world.instance() for _ in range(8)]
    for number, ring in enumerate(rings):
        world.clock.now = Clock.now + number * 7
        ring.state()
    signed: list[tuple[float, str]] = []
    world.clock.now = Clock.now + 60
    for second in range(0, 900, 5):
        world.clock.now = Clock.now + 60 + second
        if second in (100, 100 + every_s - every_s % 5):
            world.keys.rotate_state_key(now=world.now)
        signers = (rings[second // 5 % 8], rings[second // 5 * 3 % 8])
        signed += [(world.clock.now, sign(ring.state())) for ring in signers]
        for at, token in signed[-40:]:
            assert all(is_taken(token, ring.state()) for ring in rings), (second, at)


def test_a_key_stays_as_long_as_a_call_it_signed() -> None:
    """Rotating again and again drops only keys whose calls are over for sure."""
    world, every_s = Instances(), 1_800
    ring = world.instance()
    for hour in range(12):
        token = sign(world.instance().state())
        for _ in range(int(3_600 / every_s)):
            world.keys.rotate_state_key(now=world.now)
            world.clock.now += every_s
        assert is_taken(token, world.instance().state()), hour
    first = sign(StateKeys.of(ring.state().verifying[-1]))
    world.clock.now += KEEP_S + 200
    world.keys.rotate_state_key(now=world.now)
    assert not is_taken(first, world.instance().state())


def test_keys_of_before_go_on(door: Door) -> None:
    """Before `pivot token migrate` they are elsewhere, newest first, some as plain text."""
    ssm = WritableSsm()
    ssm.values["/p/state-keys"] = [{"key": "n" * 43}, "o" * 43]
    before = KeyRing(Parameters(lambda: ssm, "/p")).state()
    assert before.verifying == (b"n" * 43, b"o" * 43)
    assert before.signing == b"n" * 43
    StageKeys(ssm, "/p").ensure(now=NOW)
    after = KeyRing(Parameters(lambda: ssm, "/p")).state()
    assert (after.signing, after.verifying) == (before.signing, before.verifying)


def test_what_is_no_key_signs_nothing(door: Door) -> None:
    """Short, missing or unreadable keys are none."""
    for wrong in ("text", {}, [{"key": "short"}], [None], [{"key": "k" * 43, "from": "soon"}]):
        door.ssm.values["/p/keys/state"] = wrong
        assert door.instance().state_keys() == StateKeys()
    door.ssm.values["/p/keys/tokens"] = [{"id": "k1", "key": ""}]
    with pytest.raises(NotAuthenticatedError):
        door.instance().authenticate(ACCOUNT, issue("pivot", ACCOUNT, "k1", b"")[0])


def test_keys_are_never_shown() -> None:
    """Not in a log line, not in a test's report."""
    world = Instances()
    keys = world.instance().state()
    assert keys.signing.decode() not in repr(keys)
