"""The door: honest callers of a thousand KAZOO accounts beside a stranger, with AWS's default quotas.

Ten minutes of 100 requests a second on 20 instances pass on a virtual clock, each followed by a stranger's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.figure import Figure, microseconds
from kazoo_pivot import NotAuthenticatedError, StoreUnavailableError
from tests.tenants.conftest import ACCOUNT, Door
from tests.tenants.test_throughput import SSM_A_SECOND, crowd

TENANTS, INSTANCES, SECONDS, REQUESTS_A_SECOND = 1_000, 20, 600, 100


def figures() -> Iterator[Figure]:
    """Yield what honest callers hear, what AWS is asked, and what refusing a stranger costs."""
    door, tokens = crowd(TENANTS)
    chance = random.Random(1)
    instances = [door.instance() for _ in range(INSTANCES)]
    fallbacks = strangers_requests = 0
    for second in range(SECONDS):
        for request in range(REQUESTS_A_SECOND):
            door.clock.now += 1 / REQUESTS_A_SECOND
            instance = instances[chance.randrange(INSTANCES)]
            account_id, token = tokens[chance.randrange(TENANTS)]
            try:
                instance.authenticate(account_id, token)
            except StoreUnavailableError:
                fallbacks += 1
            before = door.requests
            try:
                instance.authenticate(f"{second:016x}{request:016x}", token)
            except NotAuthenticatedError:
                strangers_requests += door.requests - before
    asked = SECONDS * REQUESTS_A_SECOND
    yield Figure("door: honest requests answered", asked - fallbacks, "requests", asked, "those that came")
    yield Figure(
        "door: requests to SSM", door.ssm.requests / SECONDS, "a second", SSM_A_SECOND, "SSM's default quota"
    )
    yield Figure("door: reads of DynamoDB", door.table.requests / SECONDS, "a second")
    yield Figure("door: requests to AWS to refuse a stranger", strangers_requests / asked, "requests")
    one = Door()
    (token,) = one.let_in()

    def refuse() -> None:
        try:
            one.directory.authenticate(ACCOUNT, f"{token[:-4]}AAAA")
        except NotAuthenticatedError:
            return

    yield Figure(
        "door: refusing a forged token",
        microseconds(refuse),
        "µs",
        microseconds(lambda: one.directory.authenticate(ACCOUNT, token)),
        "taking a live one",
    )
