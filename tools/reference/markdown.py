"""Markdown helpers of the reference pages."""

from __future__ import annotations

from collections.abc import Iterable


def cell(text: object) -> str:
    """Return text fit for a table cell: one line, no bars, no markup of its own."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table; empty when there are no rows."""
    lines = ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    if not lines:
        return ""
    names = list(head)
    return "\n".join(["| " + " | ".join(names) + " |", "|" + "---|" * len(names), *lines]) + "\n"
