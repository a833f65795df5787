"""Amounts of money as documents write them."""

from __future__ import annotations

import re

_MONEY = re.compile(r"(\d{1,9})(?:\.(\d{1,6}))?", re.ASCII)


def parse_amount(amount: str) -> int:
    """Return the micro-units of an amount such as `2.50`; ValueError says how amounts are written."""
    match = _MONEY.fullmatch(amount)
    if not match:
        raise ValueError(f"{amount!r} is not an amount of money; write it as text, like '2.50'")
    return int(match[1]) * 1_000_000 + int((match[2] or "0").ljust(6, "0"))
