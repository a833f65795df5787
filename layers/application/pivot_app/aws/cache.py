"""A small cache of what an instance read lately: bounded in number and in age."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Cache(Generic[Kept]):
    """The last `size` values, none older than `ttl_seconds`."""

    def __init__(
        self, size: int, ttl_seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._size = size
        self._ttl_seconds = ttl_seconds
        self._monotonic = monotonic
        # An answer that came too late leaves its thread at work beside the next request's.
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Kept]] = OrderedDict()

    def get(self, key: Hashable, *, stale: bool = False) -> Kept | None:
        """The value, unless it is too old (`stale` takes it all the same) or was never there."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not (stale or self._monotonic() - kept[0] < self._ttl_seconds):
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def put(self, key: Hashable, value: Kept) -> None:
        """Keep a value; the one not used for longest makes room."""
        with self._lock:
            self._kept[key] = (self._monotonic(), value)
            self._kept.move_to_end(key)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def drop(self, key: Hashable) -> None:
        """Forget a value."""
        self._kept.pop(key, None)
