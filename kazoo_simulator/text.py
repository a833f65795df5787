"""Makes untrusted text safe to print."""

from __future__ import annotations


def visible(text: str) -> str:
    """Return a text whose control characters are shown (`\\x1b`), so that it cannot steer a terminal."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escape(one) for one in text)


def _escape(one: str) -> str:
    return one.encode("unicode_escape").decode() if one != "\u200d" else one
