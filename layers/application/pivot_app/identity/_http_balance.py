"""A balance that lives in someone else's system, asked over HTTP while a caller waits."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal, Self, get_args

from pivot_app.http_source import (
    CircuitBreaker,
    Client,
    HttpSourceError,
    JsonSource,
    SourceSettings,
    SourceUnavailableError,
    allowed_hosts,
    at,
    check_url,
    decimal_of,
)
from pivot_app.identity._balance import Balance, BalanceUnavailableError
from pivot_app.lazy_dataclass import dataclass

MAX_MICROS = 10**18

Unit = Literal["micros", "cents", "units"]
_MICROS: dict[Unit, int] = {"micros": 1, "cents": 10_000, "units": 1_000_000}
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HttpBalanceSettings(SourceSettings):
    """How a system is asked for a balance.

    url: an https address that holds `{account_id}` once. available, currency: dotted paths in the JSON
    answer; `currency` may be a code in capitals instead. unit: what the number counts.
    """

    url: str
    available: str = "available"
    currency: str = "currency"
    unit: Unit = "units"

    def __post_init__(self) -> None:
        SourceSettings.__post_init__(self)
        if not isinstance(self.url, str) or self.url.count("{account_id}") != 1:
            raise ValueError("url: must be an https address that holds {account_id} once")
        try:
            check_url(self.url.replace("{account_id}", "0"), allowed_hosts())
        except HttpSourceError as error:
            raise ValueError(f"url: {error}") from None
        if self.unit not in get_args(Unit):
            raise ValueError(f"unit: must be one of {', '.join(get_args(Unit))}")
        for name in ("available", "currency"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name}: must be a text, the dotted path of a value")

    def __repr__(self) -> str:
        """Return a repr without the address and the headers: both may hold credentials."""
        return f"HttpBalanceSettings(available={self.available!r}, unit={self.unit!r})"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the settings; BalanceUnavailableError names what is wrong, never a header's value."""
        try:
            return cls.parse(text, "the balance source's settings")
        except ValueError as error:
            raise BalanceUnavailableError(str(error)) from None


class HttpBalance:
    """The balances of one external system, with its failures and last values remembered."""

    def __init__(
        self,
        settings: HttpBalanceSettings,
        *,
        client: Client | None = None,
        breaker: CircuitBreaker | None = None,
        max_remembered: int = 10_000,
    ) -> None:
        self._settings = settings
        self._source: JsonSource[tuple[int, str]] = JsonSource(
            settings, client=client, breaker=breaker, max_remembered=max_remembered
        )

    def balance(self, kazoo_account_id: str, account_id: str, now: datetime) -> Balance:
        """Return the balance now, or the last one with its age.

        Raises:
            BalanceUnavailableError: There is neither a current nor a cached balance; the message says why.
        """
        if not re.fullmatch(r"[0-9]{1,20}", account_id):
            raise BalanceUnavailableError("the balance source: the account number is not digits")
        url = self._settings.url.replace("{account_id}", account_id)
        try:
            found = self._source.ask((kazoo_account_id, account_id), url, self._read, now)
        except SourceUnavailableError as error:
            raise BalanceUnavailableError(f"the balance source: {error}") from None
        micros, currency = found.value
        return Balance(micros, currency, found.age_seconds)

    def _read(self, document: Any) -> tuple[int, str]:
        settings = self._settings
        number = decimal_of(at(document, settings.available))
        # Exactly, and towards less money: a balance is never promised too high.
        numerator, denominator = number.as_integer_ratio()
        micros = numerator * _MICROS[settings.unit] // denominator
        if abs(micros) > MAX_MICROS:
            raise HttpSourceError("its balance is larger than any real one")
        currency = settings.currency
        if not _CURRENCY.fullmatch(currency):
            currency = at(document, currency)
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            raise HttpSourceError(f"there is no currency at {settings.currency!r} of its answer")
        return micros, currency
