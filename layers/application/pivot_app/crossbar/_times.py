"""KAZOO's times: Gregorian seconds, counted from the year 0."""

from __future__ import annotations

from datetime import UTC, datetime

GREGORIAN_OFFSET_S = 62_167_219_200
"""The Gregorian second of 1970-01-01T00:00:00Z."""


def to_gregorian(moment: datetime) -> int:
    """Return the Gregorian second of a moment; `moment` has a time zone."""
    return int(moment.timestamp()) + GREGORIAN_OFFSET_S


def from_gregorian(seconds: int) -> datetime:
    """Return the moment, in UTC, of a Gregorian second; ValueError for one before 1970."""
    if seconds < GREGORIAN_OFFSET_S:
        raise ValueError(f"{seconds} is not a Gregorian second of our time")
    return datetime.fromtimestamp(seconds - GREGORIAN_OFFSET_S, UTC)
