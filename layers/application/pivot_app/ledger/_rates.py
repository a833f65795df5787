"""Rates by destination prefix, in integers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._errors import InvalidAmountError

MAX_PREFIX_DIGITS = 15
SHORT = "short:"
"""The prefix of a short code's rate: `short:411` is the service, 411 all of +411..., Switzerland."""

_PREFIX = re.compile(rf"([1-9][0-9]{{0,{MAX_PREFIX_DIGITS - 1}}})?|{SHORT}[0-9]{{2,8}}")
MAX_MICROS = 10**15
MAX_SECONDS = 24 * 3600
LATEST = 253_402_300_799  # the end of the year 9999
_BOUNDS = (
    ("per_minute_micros", 0, MAX_MICROS),
    ("connection_fee_micros", 0, MAX_MICROS),
    ("first_increment_seconds", 1, 3600),
    ("next_increment_seconds", 1, 3600),
    ("minimum_seconds", 0, 3600),
    ("grace_seconds", 0, 3600),
    ("valid_from", 0, LATEST),
    ("valid_until", 0, LATEST),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of calls to one prefix: E.164 digits without +, "" for everywhere, or `short:411`.

    A call is billed in increments: the first whole one, then whole further ones (60/60, 30/6, 1/1). One that
    lasts no longer than `grace_seconds` is free, connection fee included. The cost is rounded once, up, to
    the next micro-unit: it never falls as seconds grow, and what was held for N seconds pays for N seconds.

    It prices calls authorized from `valid_from` to `valid_until` (exclusive), in epoch seconds; 0: no limit.
    `plan` and `version` say where it was found; an account's own rates have no plan.
    """

    prefix: str
    per_minute_micros: int
    connection_fee_micros: int = 0
    first_increment_seconds: int = 60
    next_increment_seconds: int = 60
    minimum_seconds: int = 0
    grace_seconds: int = 0
    valid_from: int = 0
    valid_until: int = 0
    plan: str = ""
    version: int = 0

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise InvalidAmountError(
                "prefix",
                self.prefix,
                f"0 to {MAX_PREFIX_DIGITS} digits as E.164 has them, without + or 00 (44, not 0044), "
                f"or {SHORT}411 for a short code",
            )
        for field, least, most in _BOUNDS:
            value = getattr(self, field)
            if type(value) is not int or not least <= value <= most:
                raise InvalidAmountError(field, value, f"an integer from {least} to {most}")
        if self.valid_until and self.valid_until <= self.valid_from:
            raise InvalidAmountError("valid_until", self.valid_until, f"a time after {self.valid_from}")

    def is_valid_at(self, at: int) -> bool:
        """Return whether it prices a call authorized at an instant in epoch seconds."""
        return self.valid_from <= at and (not self.valid_until or at < self.valid_until)

    def billed_seconds(self, seconds: int) -> int:
        """Return the seconds charged for a call of `seconds`: 0 within the grace, else whole increments."""
        if seconds <= self.grace_seconds or seconds <= 0:
            return 0
        beyond = max(seconds, self.minimum_seconds) - self.first_increment_seconds
        if beyond <= 0:
            return self.first_increment_seconds
        further = -(-beyond // self.next_increment_seconds)
        return self.first_increment_seconds + further * self.next_increment_seconds

    def cost_micros(self, seconds: int) -> int:
        """Return what a call of `seconds` costs."""
        billed = self.billed_seconds(seconds)
        if billed == 0:
            return 0
        return self.connection_fee_micros - (-(billed * self.per_minute_micros) // 60)

    def affordable_seconds(self, micros: int, most: int = MAX_SECONDS) -> int:
        """Return the longest call, up to `most` seconds, that costs no more than `micros`; 0 if none does."""
        if self.cost_micros(most) <= micros:
            return most
        shortest = self.billed_seconds(self.grace_seconds + 1)
        if self.cost_micros(shortest) > micros:
            return 0
        # Here per_minute_micros > 0: a free minute would have made `most` affordable.
        budget_seconds = (micros - self.connection_fee_micros) * 60 // self.per_minute_micros
        further = (budget_seconds - self.first_increment_seconds) // self.next_increment_seconds
        return min(most, self.first_increment_seconds + further * self.next_increment_seconds)

    def to_row(self) -> list[Any]:
        """Return the rate as a row of a table: its price, and its dates if it has any."""
        row = [getattr(self, field) for field in _PRICE]
        return [*row, self.valid_from, self.valid_until] if self.is_dated else row

    @property
    def is_dated(self) -> bool:
        """Whether it is valid for some time only."""
        return bool(self.valid_from or self.valid_until)

    def to_map(self) -> dict[str, Any]:
        """Return the rate as stored; `from_map` reads it back."""
        stored = {field: getattr(self, field) for field in self.__slots__}
        return {field: value for field, value in stored.items() if field in _PRICE or value}

    @classmethod
    def from_map(cls, stored: Mapping[str, Any]) -> Rate:
        """Return a rate as `to_map` gave it."""
        return cls(**stored)


_PRICE = Rate.__slots__[:7]


class RateTable:
    """Rates of one plan, found by the longest prefix of a number.

    Rows are kept as they are stored, and made a `Rate` when one is found: a table of 50,000 prefixes must not
    cost the first caller of an instance 50,000 objects.
    """

    def __init__(self, rates: Iterable[Rate], *, currency: str, name: str = "", version: int = 0) -> None:
        self._keep((rate.to_row() for rate in rates), currency, name, version)

    @classmethod
    def from_rows(
        cls, rows: Iterable[Sequence[Any]], *, currency: str, name: str = "", version: int = 0
    ) -> RateTable:
        """Return a table of rows as `Rate.to_row` gave them."""
        table = cls((), currency=currency)
        table._keep(rows, currency, name, version)
        return table

    def _keep(self, rows: Iterable[Sequence[Any]], currency: str, name: str, version: int) -> None:
        self.currency = currency
        self.name = name
        self.version = version
        self._rows: dict[str, Sequence[Any]] = {}
        self._dated: dict[str, list[Sequence[Any]]] = {}
        for row in rows:
            if len(row) == len(_PRICE):
                self._rows[row[0]] = row
            else:
                self._dated.setdefault(row[0], []).append(row)
        self._longest = max(map(len, (*self._rows, *self._dated)), default=0)

    def __len__(self) -> int:
        return len(self._rows) + sum(map(len, self._dated.values()))

    def __iter__(self) -> Iterator[Rate]:
        rows = [*self._rows.values(), *(row for rows in self._dated.values() for row in rows)]
        return (self._made(row) for row in sorted(rows, key=list))

    def find(self, number: str, at: int) -> Rate | None:
        """Return the rate of a number for a call authorized at `at` in epoch seconds, if there is one.

        Of E.164 (`+442071838750`) the one with the longest prefix. Of a short code (`411`) `short:411`, else
        the one whose prefix is all of it: no shorter one was meant for it, 41 is Switzerland. Of two with the
        same prefix the one with dates, while it is valid.
        """
        if not number.startswith("+"):
            return self._rate(f"{SHORT}{number}", at) or self._rate(number, at)
        digits = number[1:]
        for length in range(min(self._longest, len(digits)), -1, -1):
            if (rate := self._rate(digits[:length], at)) is not None:
                return rate
        return None

    def _rate(self, prefix: str, at: int) -> Rate | None:
        for row in self._dated.get(prefix, ()):
            if (rate := self._made(row)).is_valid_at(at):
                return rate
        undated = self._rows.get(prefix)
        return None if undated is None else self._made(undated)

    def _made(self, row: Sequence[Any]) -> Rate:
        return Rate(**dict(zip(Rate.__slots__, row, strict=False)), plan=self.name, version=self.version)
