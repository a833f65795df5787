"""Calls let through unbilled while the store is unavailable."""

from __future__ import annotations

from collections import deque

HOUR_S = 3600


class UnbilledCalls:
    """So many calls an hour of this instance may go on unbilled; by default none."""

    def __init__(self, most_an_hour: int = 0) -> None:
        self._most = most_an_hour
        self._at: deque[float] = deque()

    def allow(self, now_s: float) -> bool:
        """Return whether one more call may go on, and count it if so; `now_s` of a clock that never jumps."""
        while self._at and self._at[0] <= now_s - HOUR_S:
            self._at.popleft()
        if len(self._at) >= self._most:
            return False
        self._at.append(now_s)
        return True
