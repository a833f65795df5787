"""A thousand KAZOO accounts at a hundred requests a second, on a virtual clock, with SSM's default quota."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from kazoo_pivot import NotAuthenticatedError, StoreUnavailableError
from pivot_app.tenants import TenantDirectory

from .conftest import Door, MemorySsm

SSM_A_SECOND = 40
WAITS_S = 4.0
"""How long a callback may take before its caller hears the fallback."""


class ThrottledError(Exception):
    """As botocore's ClientError."""

    response = {"Error": {"Code": "ThrottlingException"}}  # noqa: RUF012


@dataclass
class ThrottledSsm(MemorySsm):
    """SSM with a bucket of forty requests, filled with forty a second."""

    clock: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    requests: int = 0
    error: Exception | None = None
    room: float = SSM_A_SECOND
    filled_at: float = 0.0

    def get_parameters(self, Names: list[str], WithDecryption: bool) -> dict[str, Any]:  # noqa: N803
        """As botocore's."""
        now = self.clock()
        self.room = min(SSM_A_SECOND, self.room + (now - self.filled_at) * SSM_A_SECOND)
        self.filled_at = now
        if self.room < 1:
            self.requests += 1
            raise ThrottledError
        self.room -= 1
        return super().get_parameters(Names, WithDecryption)


def crowd(accounts: int) -> tuple[Door, list[tuple[str, str]]]:
    """A stage with so many tenants; their ids and tokens."""
    door = Door()
    values = door.ssm.values
    door.ssm = ThrottledSsm(clock=door.clock, values=values, filled_at=door.clock())
    tokens = []
    for number in range(accounts):
        account_id = f"{number:032x}"
        (token,) = door.let_in(account_id)
        tokens.append((account_id, token))
    return door, tokens


def test_a_thousand_accounts_are_all_answered() -> None:
    """Ten minutes of 100 requests a second on 20 instances, beside a stranger who asks as often."""
    door, tokens = crowd(1_000)
    chance = random.Random(1)
    instances: list[TenantDirectory] = [door.instance() for _ in range(20)]
    fallbacks = asked = 0
    for second in range(600):
        for request in range(100):
            door.clock.now += 0.01
            instance = instances[chance.randrange(20)]
            account_id, token = tokens[chance.randrange(1_000)]
            asked += 1
            try:
                instance.authenticate(account_id, token)
            except StoreUnavailableError:
                fallbacks += 1
            with pytest.raises(NotAuthenticatedError):
                instance.authenticate(f"{second:016x}{request:016x}", token)
    assert fallbacks == 0
    # An instance asks SSM at most every 48 s, however many tenants there are.
    assert door.ssm.requests <= 20 * (600 / 48 + 1)
    # Each tenant costs each instance one read a minute; strangers cost none.
    assert door.table.requests <= min(asked, 20 * 1_000 * 10)


def test_120_instances_may_start_at_once() -> None:
    """What the documents say: a start that is throttled tries again while the caller still waits."""
    door, tokens = crowd(1)
    account_id, token = tokens[0]
    late = 0
    waiting = [(door.clock(), door.clock()) for _ in range(120)]
    chance = random.Random(2)
    while waiting:
        waiting.sort()
        door.clock.now, began = waiting.pop(0)
        try:
            door.instance_that_does_not_wait().authenticate(account_id, token)
        except StoreUnavailableError:
            again = door.clock() + 0.6 * chance.random()
            if again - began < WAITS_S:
                waiting.append((again, began))
            else:
                late += 1
    assert late == 0
