"""Dates and times as people write them, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from pivotctl.errors import UsageError


class TimeError(UsageError, ValueError):
    """The text is not a date or time."""


def moment(epoch_s: int) -> str:
    """Return an instant in UTC, to the second."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def instant(text: str) -> int:
    """ "2026-12-01" or "2026-12-01T08:00:00+01:00" in epoch seconds; UTC where no offset is given.

    Raises:
        TimeError: It is not a date of the years 1970 to 9999.
    """
    text = text.strip()
    try:
        if not text.isascii():
            raise ValueError
        parsed = datetime.fromisoformat(text)
        at = int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        at = -1
    if at < 0:
        raise TimeError(f"{text[:40]!r} is not a date; write it like 2026-12-01 or 2026-12-01T08:00:00Z")
    return at
