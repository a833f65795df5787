"""The filters of the call list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from pivot_app.errors import ApplicationError
from pivot_app.lazy_dataclass import dataclass
from pivot_app.live_debug.exchange import Summary

OUTCOMES: Final = ("answered", "fallback", "refused", "repeated")
PAGE_CALLS: Final = 50
MAX_PAGE_CALLS: Final = 200
_TEXT_LIMIT: Final = 200
_EPOCH_MS = re.compile(r"\d{1,13}")
_NUMBER_NOISE = re.compile(r"[\s().-]")


class FilterError(ApplicationError, ValueError):
    """A query parameter that cannot be honoured.

    Attributes:
        name: The parameter.
        remedy: What would be accepted.
    """

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"{name}: {problem}; {remedy}")
        self.name = name
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which calls to list; empty, all of them. Times are epoch milliseconds, `from` included, `to` not."""

    callback: str = ""
    number: str = ""
    """Part of the caller's or the dialled number; a masked digit in the store matches any."""
    caller: str = ""
    dialled: str = ""
    outcome: str = ""
    reason: str = ""
    text: str = ""
    """Anywhere in a line of the list: names, numbers, Call-ID, callback, reason, first words spoken."""
    from_ms: int = 0
    to_ms: int = 10**13 - 1

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Filters:
        """Read the filters from a query string's parameters.

        Raises:
            FilterError: A value is too long, not an outcome, or not a time.
        """
        words = {}
        for name in ("callback", "number", "caller", "dialled", "outcome", "reason", "text"):
            value = query.get(name, "").strip()
            if len(value) > _TEXT_LIMIT:
                raise FilterError(name, f"{len(value)} characters", f"use at most {_TEXT_LIMIT}")
            words[name] = value
        if words["outcome"] and words["outcome"] not in OUTCOMES:
            raise FilterError(
                "outcome", f"{words['outcome']!r} is not an outcome", f"use one of {', '.join(OUTCOMES)}"
            )
        return cls(
            from_ms=_time(query, "from", cls().from_ms),
            to_ms=_time(query, "to", cls().to_ms),
            **words,
        )

    def match(self, call: Sequence[Summary]) -> bool:
        """Return whether one exchange of the call answers everything asked."""
        return any(self._matches(line) for line in call)

    def _matches(self, line: Summary) -> bool:
        return (
            (not self.callback or line.callback == self.callback)
            and (not self.outcome or line.outcome == self.outcome)
            and (not self.reason or self.reason.casefold() in line.reason.casefold())
            and number_matches(line.caller, self.caller)
            and number_matches(line.dialled, self.dialled)
            and (number_matches(line.caller, self.number) or number_matches(line.dialled, self.number))
            and self._has_text(line)
        )

    def _has_text(self, line: Summary) -> bool:
        if not self.text:
            return True
        places = (line.call_id, line.caller_name, line.callback, line.reason, line.heard, line.outcome)
        wanted = self.text.casefold()
        return (
            any(wanted in place.casefold() for place in places)
            or number_matches(line.caller, self.text)
            or number_matches(line.dialled, self.text)
        )


def number_matches(stored: str, wanted: str) -> bool:
    """Return whether the wanted digits stand somewhere in the stored number.

    A masked digit (`*`, `x` or `•`) may be any digit: someone who knows a number can find its calls in an
    account that masks numbers, and learns nothing that was not known before.
    """
    wanted = _NUMBER_NOISE.sub("", wanted).casefold()
    stored = stored.casefold()
    return any(
        all(
            here == asked or (here in "*x•" and asked.isdigit())
            for here, asked in zip(stored[start:], wanted, strict=False)
        )
        for start in range(len(stored) - len(wanted) + 1)
    )


def _time(query: Mapping[str, str], name: str, otherwise: int) -> int:
    text = query.get(name, "").strip()
    if not text:
        return otherwise
    if _EPOCH_MS.fullmatch(text):
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FilterError(
            name, "not a time", "use ISO 8601 (2026-11-22T17:00Z) or epoch milliseconds"
        ) from None
    milliseconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    return min(max(milliseconds, 0), 10**13 - 1)
