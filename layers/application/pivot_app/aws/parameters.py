"""The one reader of SSM parameters: a few names in one request, remembered for a minute.

Parameters hold secrets only, one path per purpose: `{prefix}/keys/...`, `{prefix}/webhook/{account}`,
`{prefix}/crossbar/{account}`, `{prefix}/balance/{account}/{name}`. A function may read the paths that its
policy names and no other.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from kazoo_pivot import StoreUnavailableError
from pivot_app.aws.cache import Cache
from pivot_app.aws.errors import translate

FRESH_S = 60.0
# While SSM fails, what was read answers on for this long; it bounds how late a change may count.
STALE_FOR_S = 900.0
ASK_AGAIN_AFTER_S = 5.0
# SSM allows 40 requests a second by default. Many instances that start at once spread their next try.
TRIES = 4
WAIT_S = 0.6

_THROTTLED = frozenset({"ThrottlingException", "Throttling", "TooManyUpdates", "RequestLimitExceeded"})


class Parameters:
    """The parameters of a stage.

    client: returns the SSM client; prefix: such as `/pivot-lambda/dev`
    """

    def __init__(
        self,
        client: Callable[[], Any],
        prefix: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        size: int = 1_024,
    ) -> None:
        self.prefix = prefix.rstrip("/")
        self._client = client
        self._sleep = sleep
        self._clock = clock
        # Instances that started together ask again at different times.
        self._fresh_s = FRESH_S * random.uniform(0.8, 1)  # noqa: S311 - spreads requests, guards nothing
        self._read: Cache[dict[str, str]] = Cache(size, self._fresh_s, clock)
        self._failed: Cache[bool] = Cache(size, ASK_AGAIN_AFTER_S, clock)

    def get(self, *names: str) -> Mapping[str, str]:
        """Return the values of those parameters that exist, by their names below the prefix.

        StoreUnavailableError when SSM fails and the cache is older than 15 minutes.
        """
        found = self._read.get(names)
        if found is not None:
            return found
        old = self._read.get(names, stale=True)
        age = self._read.age_of(names) or 0
        if old is not None and age < STALE_FOR_S and self._failed.get(names):
            return old
        try:
            fresh = self._ask(names, tries=1 if old is not None else TRIES)
        except StoreUnavailableError:
            if old is None or age >= STALE_FOR_S:
                raise
            self._failed.put(names, True)
            return old
        self._read.put(names, fresh)
        return fresh

    def first(self, *names: str) -> str | None:
        """Return the value of the first of these names that exists, by one request."""
        found = self.get(*names)
        return next((found[name] for name in names if name in found), None)

    def age_of(self, *names: str) -> float | None:
        """Return how many seconds ago these names were read together, None when they were not."""
        return self._read.age_of(names)

    def forget(self) -> None:
        """Clear the cache."""
        self._read.clear()
        self._failed.clear()

    def _ask(self, names: tuple[str, ...], *, tries: int) -> dict[str, str]:
        paths = {f"{self.prefix}/{name}": name for name in names}
        while True:
            tries -= 1
            try:
                answer = self._client().get_parameters(Names=list(paths), WithDecryption=True)
                return {paths[item["Name"]]: item["Value"] for item in answer["Parameters"]}
            except Exception as error:
                if tries == 0 or _code(error) not in _THROTTLED:
                    # A missing permission neither grants nor denies access.
                    raise translate(error) or StoreUnavailableError("SSM did not answer") from error
                self._sleep(WAIT_S * random.random())  # noqa: S311


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""
