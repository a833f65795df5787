"""The revenue of calls, by day, destination or account. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from pivotctl.accounts._entries import CREDITS, Line

Key = Literal["day", "destination", "account"]
KEYS: tuple[Key, ...] = ("day", "destination", "account")


@dataclass(slots=True)
class Revenue:
    """One group: its keys, in one currency. Money in micro-units; corrections lower or raise it."""

    keys: tuple[str, ...]
    currency: str
    calls: int = 0
    seconds: int = 0
    billed_seconds: int = 0
    revenue_micros: int = 0

    def add(self, line: Line) -> None:
        """Count an entry of a call."""
        entry = line.entry
        self.calls += entry.kind == "call"
        self.seconds += entry.seconds
        self.billed_seconds += entry.billed_seconds
        self.revenue_micros -= entry.amount_micros


def revenue(lines: Iterable[Line], by: Sequence[Key]) -> list[Revenue]:
    """Group what calls were charged, by the keys and the currency, in order; top-ups are not revenue."""
    groups: dict[tuple[tuple[str, ...], str], Revenue] = {}
    for line in lines:
        if line.entry.kind in CREDITS:
            continue
        keys = tuple(_key(line, name) for name in by)
        group = groups.setdefault((keys, line.account.currency), Revenue(keys, line.account.currency))
        group.add(line)
    earned = [group for group in groups.values() if group.calls or group.revenue_micros]
    return sorted(earned, key=lambda group: (group.keys, group.currency))


def totals(groups: Iterable[Revenue]) -> list[Revenue]:
    """Return the sum of each currency."""
    found: dict[str, Revenue] = {}
    for group in groups:
        total = found.setdefault(group.currency, Revenue((), group.currency))
        total.calls += group.calls
        total.seconds += group.seconds
        total.billed_seconds += group.billed_seconds
        total.revenue_micros += group.revenue_micros
    return [found[currency] for currency in sorted(found)]


def to_map(group: Revenue, by: Sequence[Key]) -> dict[str, Any]:
    """Return a group for JSON and CSV."""
    return {
        **dict(zip(by, group.keys, strict=False)),
        "currency": group.currency,
        "calls": group.calls,
        "seconds": group.seconds,
        "billed_seconds": group.billed_seconds,
        "revenue_micros": group.revenue_micros,
    }


def _key(line: Line, name: Key) -> str:
    if name == "account":
        return line.account.account_id
    if name == "day":
        # When it was talked, if that is known: an end can be reported days later.
        at = line.entry.ended_at or line.entry.authorized_at or line.entry.at
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    return _destination(line)


def _destination(line: Line) -> str:
    """Return the country and the prefix that priced the call: "GB 447"."""
    from pivot_app.numbers import country

    number = line.entry.destination
    prefix = str(line.entry.rate.get("prefix", ""))
    if not number.startswith("+"):
        return prefix if prefix.startswith("short:") else f"short:{number}"
    return f"{country(number) or ''} {prefix}".strip() or "(any)"
