"""A system that answers JSON: asked within a deadline, left alone while it fails, remembered for a while."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from pivot_app.aws.cache import Cache
from pivot_app.http_source._breaker import CircuitBreaker
from pivot_app.http_source._client import Client, HttpClient, check_headers
from pivot_app.http_source._errors import HttpSourceError, SourceUnavailableError
from pivot_app.http_source._json import read_json
from pivot_app.lazy_dataclass import dataclass

MAX_REMEMBERED = 10_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """The settings of a request. Its repr omits headers and address: both may hold credentials.

    timeout_ms: for the whole exchange, from the name's resolution to the last byte
    max_age_seconds: how old a remembered answer may be when the system gives none
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_ms: int = 1_500
    max_age_seconds: int = 900

    def __post_init__(self) -> None:
        if not isinstance(self.headers, Mapping):
            raise ValueError("headers: must be an object of names and texts")
        try:
            check_headers(self.headers)
        except HttpSourceError as error:
            raise ValueError(f"headers: {error}") from None
        if not 100 <= self.timeout_ms <= 2_500:
            raise ValueError("timeout_ms: must be 100 to 2500; KAZOO waits 5 s for the whole answer")
        if not 0 <= self.max_age_seconds <= 86_400:
            raise ValueError("max_age_seconds: must be 0 to 86400")

    @classmethod
    def parse(cls, text: str, what: str) -> Self:
        """Read a JSON text; ValueError says what is wrong with `what`, never a header's value."""
        try:
            return cls(**json.loads(text))
        except json.JSONDecodeError:
            raise ValueError(f"{what} are not JSON") from None
        except (TypeError, ValueError) as error:
            raise ValueError(f"{what}: {error}") from None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The answer of a system, and its age."""

    value: T
    age_seconds: int = 0


class JsonSource(Generic[T]):
    """The answers of one system, decoded by `read`.

    A system that fails, is slow or answers something odd costs a caller at most the timeout, and after some
    failures in a row nothing. Then the last answer is given with its age, as long as it is young enough. What
    is remembered is bounded and belongs to this process.
    """

    def __init__(
        self,
        settings: SourceSettings,
        *,
        client: Client | None = None,
        breaker: CircuitBreaker | None = None,
        max_remembered: int = MAX_REMEMBERED,
    ) -> None:
        self._settings = settings
        self._client = client or HttpClient()
        self._breaker = breaker or CircuitBreaker()
        self._remembered: Cache[tuple[T, datetime]] = Cache(max_remembered, float("inf"))

    def ask(self, key: Hashable, url: str, read: Callable[[Any], T], now: datetime) -> Found[T]:
        """Return what `read` makes of the JSON at `url`.

        `key` says whose answer it is, KAZOO account included: a remembered answer serves the same key only.
        `read` raises HttpSourceError for a document it cannot use, which counts as a failure of the system.

        Raises:
            SourceUnavailableError: There is neither an answer nor a cached one; the message says why.
        """
        if not self._breaker.allows(now):
            return self._last(key, now, "it failed several times in a row and is left alone for a while")
        try:
            answer = self._client.request(
                "GET", url, headers=self._settings.headers, timeout_ms=self._settings.timeout_ms
            )
            if answer.status != 200:
                raise HttpSourceError(f"it answered with status {answer.status}")
            value = read(read_json(answer.body))
        except HttpSourceError as error:
            self._breaker.failed(now)
            return self._last(key, now, str(error))
        except (ArithmeticError, ValueError, TypeError, LookupError, RecursionError) as error:
            # `read` met a document that it does not know: a fault of the system's answer all the same.
            self._breaker.failed(now)
            return self._last(key, now, f"its answer cannot be used ({type(error).__name__})")
        self._breaker.succeeded()
        self._remembered.put(key, (value, now))
        return Found(value)

    def remembered(self, key: Hashable, now: datetime, *, max_age_seconds: int) -> Found[T] | None:
        """Return the last answer, if it is not older than this."""
        last = self._remembered.get(key)
        if last is None:
            return None
        value, then = last
        age_seconds = max(0, int((now - then).total_seconds()))
        return Found(value, age_seconds) if age_seconds <= max_age_seconds else None

    def _last(self, key: Hashable, now: datetime, why: str) -> Found[T]:
        found = self.remembered(key, now, max_age_seconds=self._settings.max_age_seconds)
        if found is None:
            raise SourceUnavailableError(why)
        return found
