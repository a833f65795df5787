"""Leaves a system alone that keeps failing."""

from __future__ import annotations

import threading
from datetime import datetime

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 30


class CircuitBreaker:
    """Stops requests to a system after several failures in a row; then one request in `open_seconds` tries it
    again."""

    def __init__(self, failures_to_open: int = FAILURES_TO_OPEN, open_seconds: int = OPEN_SECONDS) -> None:
        self._failures_to_open = failures_to_open
        self._open_seconds = open_seconds
        self._failures = 0
        self._try_after: float = 0
        self._lock = threading.Lock()

    def allows(self, now: datetime) -> bool:
        """Return whether to ask now; a True while open is for one request only."""
        with self._lock:
            if self._failures < self._failures_to_open:
                return True
            if now.timestamp() < self._try_after:
                return False
            self._try_after = now.timestamp() + self._open_seconds
            return True

    def succeeded(self) -> None:
        """Close the breaker."""
        with self._lock:
            self._failures = 0

    def failed(self, now: datetime) -> None:
        """Count one more failure in a row; the last one allowed opens the breaker."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._failures_to_open:
                self._try_after = now.timestamp() + self._open_seconds
