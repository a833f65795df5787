"""Money between people and micro-units, exactly."""

from __future__ import annotations

import re
from decimal import Decimal

from pivotctl.errors import UsageError

MICROS = 1_000_000
_AMOUNT = re.compile(r"[+-]?([0-9]{1,12}(\.[0-9]*)?|\.[0-9]+)")


class AmountError(UsageError, ValueError):
    """The text is not an amount of money."""


def micros(text: str) -> int:
    """ "12.50" as 12500000.

    Raises:
        AmountError: It is not a decimal number of up to twelve digits, or has more than six decimals.
    """
    if not _AMOUNT.fullmatch(text.strip()):
        raise AmountError(f"{text[:40]!r} is not an amount; write it like 12.50")
    scaled = Decimal(text.strip()) * MICROS
    if scaled != scaled.to_integral_value():
        raise AmountError(f"{text[:40]!r} has more than six decimals")
    return int(scaled)


def plain(amount_micros: int) -> str:
    """12500000 as "12.50": two decimals, more where there are more."""
    text = f"{Decimal(amount_micros) / MICROS:.6f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
