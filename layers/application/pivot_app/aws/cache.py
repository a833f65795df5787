"""The one cache of what an instance read lately: bounded in number, in bytes and in age."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Kept = TypeVar("Kept")
_caches: WeakSet[Cache[Any]] = WeakSet()


def clear_all() -> None:
    """Clear every cache of this process."""
    for cache in list(_caches):
        cache.clear()


class Cache(Generic[Kept]):
    """The values used last: `size` of them at most, `max_bytes` in all, none older than `ttl_seconds`.

    The least recently used value goes first. `max_bytes` counts the sizes given to `put`; 0 means no limit.
    """

    def __init__(
        self,
        size: int,
        ttl_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        max_bytes: int = 0,
    ) -> None:
        self._size = size
        self._ttl_seconds = ttl_seconds
        self._monotonic = monotonic
        self._max_bytes = max_bytes
        self._bytes = 0
        # An answer that came too late leaves its thread at work beside the next request's.
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Kept, int]] = OrderedDict()
        _caches.add(self)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, *, stale: bool = False) -> Kept | None:
        """Return the value, unless it is too old (`stale` accepts it) or was never there."""
        age = self.age_of(key)
        if age is None or not (stale or age < self._ttl_seconds):
            return None
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def age_of(self, key: Hashable) -> float | None:
        """Return the seconds since a value was kept, None when it is not there."""
        kept = self._kept.get(key)
        return None if kept is None else self._monotonic() - kept[0]

    def put(self, key: Hashable, value: Kept, *, size_bytes: int = 0) -> None:
        """Keep a value; what was not used for longest makes room. One larger than the whole is not kept."""
        with self._lock:
            self._forget(key)
            if self._max_bytes and size_bytes > self._max_bytes:
                return
            self._kept[key] = (self._monotonic(), value, size_bytes)
            self._bytes += size_bytes
            while len(self._kept) > self._size or (self._max_bytes and self._bytes > self._max_bytes):
                self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def drop(self, key: Hashable) -> None:
        """Forget a value."""
        with self._lock:
            self._forget(key)

    def _forget(self, key: Hashable) -> None:
        forgotten = self._kept.pop(key, None)
        if forgotten is not None:
            self._bytes -= forgotten[2]
