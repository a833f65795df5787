"""The findings of lint, with their place in the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pivotctl.data._walk import Place

DocumentPath = Place
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to fix (`error`: the document is not pushed) or to think about (`warning`)."""

    place: DocumentPath
    level: Literal["error", "warning"]
    message: str

    @property
    def path(self) -> str:
        """The place in one word."""
        return ".".join(str(part) for part in self.place)


def unknown_name(what: str, name: str, names: Iterable[str]) -> str:
    """Return the message for a name that nothing has, with the nearest one that exists."""
    close = get_close_matches(name, list(names), n=1)
    return f"there is no {what} {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")
