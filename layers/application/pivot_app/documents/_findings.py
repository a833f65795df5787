"""What a check of a document finds, with the place in the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Place = tuple[str | int, ...]
"""Keys and indexes from the top of the document, as in `("menus", "main", "keys", "1")`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend (`error`: the document is not pushed) or to think about (`warning`)."""

    place: Place
    level: Literal["error", "warning"]
    message: str

    @property
    def path(self) -> str:
        """The place in one word."""
        return ".".join(str(part) for part in self.place)
