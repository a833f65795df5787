"""Makes untrusted text safe to print: Call-IDs and names can contain terminal control sequences."""

from __future__ import annotations

from kazoo_simulator.text import visible


def printable(text: str) -> str:
    """Return a text whose control characters are shown, such as `\\x1b`; its lines stay lines."""
    return "\n".join(visible(line) for line in text.split("\n"))
