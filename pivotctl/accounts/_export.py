"""Statements as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pivotctl.accounts._console import show_csv
from pivotctl.accounts._entries import COLUMNS, Line


def as_csv(lines: Iterable[Line]) -> None:
    """Print lines as CSV; the legs of a call as JSON in one cell."""
    show_csv(COLUMNS, map(flat, lines))


def flat(line: Line) -> dict[str, Any]:
    """Return a line whose legs are a text."""
    facts = line.to_map()
    return facts | {"legs": json.dumps(facts["legs"], separators=(",", ":")) if facts["legs"] else ""}
