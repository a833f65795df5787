"""Compares a new version of a plan with the old one: added, removed, dearer, cheaper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pivot_app.ledger import Rate
from pivotctl.accounts._csv import rate_row

Kind = Literal["new", "gone", "dearer", "cheaper", "other"]
KINDS: tuple[Kind, ...] = ("new", "gone", "dearer", "cheaper", "other")
_WORDS = {"new": "more", "gone": "fewer", "other": "otherwise changed"}

# What two calls cost tells most about a change: one that is just connected, and one of ten minutes.
_SECONDS = (1, 600)


@dataclass(frozen=True, slots=True)
class RateChange:
    """One prefix, for one span of time: its rate before and after; None where there is none."""

    kind: Kind
    before: Rate | None
    after: Rate | None

    def to_map(self) -> dict[str, Any]:
        """Return the change for JSON."""
        return {
            "change": self.kind,
            "before": rate_row(self.before) if self.before else None,
            "after": rate_row(self.after) if self.after else None,
        }


@dataclass(frozen=True, slots=True)
class RateChanges:
    """Every change, and how many rates stay as they are."""

    changes: tuple[RateChange, ...]
    same: int

    def __str__(self) -> str:
        counts = Counter(change.kind for change in self.changes)
        parts = [f"{counts[kind]} {_WORDS.get(kind, kind)}" for kind in KINDS if counts[kind]]
        return ", ".join([*parts, f"{self.same} as before"])


def compare(before: Iterable[Rate], after: Iterable[Rate]) -> RateChanges:
    """Return the changes from the rates that count to others, by prefix and dates."""
    old, new = ({_key(rate): rate for rate in rates} for rates in (before, after))
    changes, same = [], 0
    for key in sorted({*old, *new}):
        one, other = old.get(key), new.get(key)
        if one is not None and other is not None and one.to_row() == other.to_row():
            same += 1
        else:
            changes.append(RateChange(_kind(one, other), one, other))
    return RateChanges(tuple(changes), same)


def _key(rate: Rate) -> tuple[str, int, int]:
    return rate.prefix, rate.valid_from, rate.valid_until


def _kind(before: Rate | None, after: Rate | None) -> Kind:
    if before is None:
        return "new"
    if after is None:
        return "gone"
    more = {after.cost_micros(seconds) - before.cost_micros(seconds) for seconds in _SECONDS}
    if max(more) > 0 and min(more) >= 0:
        return "dearer"
    return "cheaper" if min(more) < 0 and max(more) <= 0 else "other"
