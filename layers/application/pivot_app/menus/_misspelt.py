"""Finds placeholders that look like a slip of the pen: whoever hears the text would miss a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from pivot_app.documents._findings import Finding, Place
from pivot_app.documents._texts import places

ALWAYS_THERE = ("caller.name", "caller.number", "account.name", "account.balance", "account.id")


def misspelt(texts: Iterable[tuple[Place, Mapping[str, str]]]) -> Iterator[Finding]:
    """Yield placeholders that are nearly, but not quite, called as data that is always there."""
    for place, per_language in texts:
        for name in sorted(places(per_language)):
            close = get_close_matches(name, ALWAYS_THERE, n=1, cutoff=0.85)
            if close and name not in ALWAYS_THERE:
                message = (
                    f"{{{name}}} is read as an attribute of that name, and its sentence is left out where "
                    f"there is none; did you mean {{{close[0]}}}?"
                )
                yield Finding(place, "warning", message)
