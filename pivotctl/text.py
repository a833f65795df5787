"""Text of strangers, safe to print: Call-IDs, names and documents may hold what steers a terminal."""

from __future__ import annotations

from kazoo_simulator.text import visible


def printable(text: str) -> str:
    """Return a text whose control characters are shown, such as `\\x1b`; its lines stay lines."""
    return "\n".join(visible(line) for line in text.split("\n"))
