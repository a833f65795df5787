"""A balance that lives in someone else's system, asked over HTTP while a caller waits."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from pivot_app.identity._balance import Balance, BalanceUnavailableError, at

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 65_536
MAX_REMEMBERED = 10_000
MAX_MICROS = 10**18
FAILURES_TO_OPEN = 5
OPEN_SECONDS = 30

Unit = Literal["micros", "cents", "units"]
_MICROS: dict[Unit, int] = {"micros": 1, "cents": 10_000, "units": 1_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpBalanceSettings:
    """How a system is asked for a balance.

    url: holds `{account_id}`. headers: sent along, credentials among them. available, currency: dotted paths
    in the JSON answer; `currency` may be a code in capitals instead. unit: what the number counts.
    timeout_ms: for the whole exchange. max_age_seconds: how old a remembered value may be when the system
    does not answer.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    available: str = "available"
    currency: str = "currency"
    unit: Unit = "units"
    timeout_ms: int = 1_500
    max_age_seconds: int = 900

    def __post_init__(self) -> None:
        if not re.match(r"https?://[^/]+/", self.url) or self.url.count("{account_id}") != 1:
            raise ValueError("url: must be an http(s) address that holds {account_id} once")
        if self.unit not in get_args(Unit):
            raise ValueError(f"unit: must be one of {', '.join(get_args(Unit))}")
        if not 100 <= self.timeout_ms <= 2_500:
            raise ValueError("timeout_ms: must be 100 to 2500; KAZOO waits 5 s for the whole answer")
        if not 0 <= self.max_age_seconds <= 86_400:
            raise ValueError("max_age_seconds: must be 0 to 86400")

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the settings; BalanceUnavailableError names what is wrong, never a header's value."""
        try:
            return cls(**json.loads(text))
        except json.JSONDecodeError:
            raise BalanceUnavailableError("the balance source's settings are not JSON") from None
        except (TypeError, ValueError) as error:
            raise BalanceUnavailableError(f"the balance source's settings: {error}") from None


class CircuitBreaker:
    """Stops asking a system that keeps failing, and lets one call in thirty seconds try whether it is
    back."""

    def __init__(self, failures_to_open: int = FAILURES_TO_OPEN, open_seconds: int = OPEN_SECONDS) -> None:
        self._failures_to_open = failures_to_open
        self._open_seconds = open_seconds
        self._failures = 0
        self._try_after: float = 0
        self._lock = threading.Lock()

    def allows(self, now: datetime) -> bool:
        """Whether to ask now; a `True` while open is for one caller only."""
        with self._lock:
            if self._failures < self._failures_to_open:
                return True
            if now.timestamp() < self._try_after:
                return False
            self._try_after = now.timestamp() + self._open_seconds
            return True

    def succeeded(self) -> None:
        """Close."""
        with self._lock:
            self._failures = 0

    def failed(self, now: datetime) -> None:
        """Count a failure in a row; the last one opens."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._failures_to_open:
                self._try_after = now.timestamp() + self._open_seconds


class HttpBalance:
    """Balances of one external system.

    A system that fails, is slow, or answers something else than a balance costs the caller at most the
    timeout, and after some failures in a row nothing; then the last value is told, with its age, as long as
    that is young enough. What is remembered is bounded and belongs to this process.
    """

    def __init__(
        self,
        settings: HttpBalanceSettings,
        *,
        client: Callable[[HttpBalanceSettings], httpx.Client] | None = None,
        breaker: CircuitBreaker | None = None,
        max_remembered: int = MAX_REMEMBERED,
    ) -> None:
        self._settings = settings
        self._make_client = client or _client
        self._client: httpx.Client | None = None
        self._breaker = breaker or CircuitBreaker()
        self._max_remembered = max_remembered
        self._remembered: OrderedDict[tuple[str, str], tuple[Balance, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def balance(self, kazoo_account_id: str, account_id: str, now: datetime) -> Balance:
        """The balance now, or the last one known.

        Raises:
            BalanceUnavailableError: Neither is to be had; the message names the system's failure.
        """
        key = (kazoo_account_id, account_id)
        if not self._breaker.allows(now):
            return self._last(key, now, "it failed several times in a row and is left alone for a while")
        try:
            found = self._ask(account_id)
        except BalanceUnavailableError as error:
            self._breaker.failed(now)
            return self._last(key, now, str(error))
        self._breaker.succeeded()
        with self._lock:
            self._remembered[key] = (found, now)
            self._remembered.move_to_end(key)
            if len(self._remembered) > self._max_remembered:
                self._remembered.popitem(last=False)
        return found

    def _last(self, key: tuple[str, str], now: datetime, why: str) -> Balance:
        with self._lock:
            remembered = self._remembered.get(key)
        if remembered is not None:
            balance, then = remembered
            age_seconds = max(0, int((now - then).total_seconds()))
            if age_seconds <= self._settings.max_age_seconds:
                return Balance(balance.available_micros, balance.currency, age_seconds)
        raise BalanceUnavailableError(f"the balance source: {why}")

    def _ask(self, account_id: str) -> Balance:
        # Imported on first use: only accounts whose balance is elsewhere pay for it.
        import httpx

        if not re.fullmatch(r"[0-9]{1,20}", account_id):
            raise BalanceUnavailableError("the account number is not digits")
        if self._client is None:
            self._client = self._make_client(self._settings)
        body = b""
        # The client's own timeout is for each read: a system that drips must not take longer in all.
        deadline = time.monotonic() + self._settings.timeout_ms / 1000
        try:
            url = self._settings.url.replace("{account_id}", account_id)
            with self._client.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise BalanceUnavailableError(f"it answered with status {answer.status_code}")
                for piece in answer.iter_bytes():
                    body += piece
                    if time.monotonic() > deadline:
                        raise BalanceUnavailableError("it did not finish its answer in time")
                    if len(body) > MAX_ANSWER_BYTES:
                        raise BalanceUnavailableError(f"it answered more than {MAX_ANSWER_BYTES} bytes")
        except httpx.HTTPError as error:
            raise BalanceUnavailableError(f"{type(error).__name__}") from None
        return self._read(body)

    def _read(self, body: bytes) -> Balance:
        try:
            document = json.loads(body, parse_float=Decimal)
        except (ValueError, RecursionError):
            raise BalanceUnavailableError("it did not answer JSON") from None
        micros = _micros(at(document, self._settings.available), self._settings.unit)
        currency = self._settings.currency
        if not re.fullmatch(r"[A-Z]{3}", currency):
            currency = at(document, currency)
        if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
            raise BalanceUnavailableError(
                f"there is no currency at {self._settings.currency!r} of its answer"
            )
        return Balance(micros, currency)


def _micros(value: Any, unit: Unit) -> int:
    """The amount in micro-units, a part of one dropped towards less money; numbers and numbers in text are
    taken."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise BalanceUnavailableError(f"its balance is a {type(value).__name__}, not a number")
    try:
        micros = int((Decimal(value) * _MICROS[unit]).to_integral_value(rounding="ROUND_FLOOR"))
    except (InvalidOperation, ValueError, OverflowError):
        raise BalanceUnavailableError("its balance is not a number") from None
    if abs(micros) > MAX_MICROS:
        raise BalanceUnavailableError("its balance is larger than any real one")
    return micros


def _client(settings: HttpBalanceSettings) -> httpx.Client:
    import httpx

    seconds = settings.timeout_ms / 1000
    return httpx.Client(
        headers=dict(settings.headers),
        timeout=httpx.Timeout(seconds, connect=min(0.5, seconds)),
        follow_redirects=False,
        trust_env=False,
    )
