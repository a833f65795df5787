"""Detects a withheld number in every notation that networks use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_WORDS = frozenset(
    {
        "anonymous",
        "anon",
        "blocked",
        "hidden",
        "id unavailable",
        "na",
        "no caller id",
        "no number",
        "not available",
        "number withheld",
        "outofarea",
        "out of area",
        "private",
        "private number",
        "privat",
        "restricted",
        "unavailable",
        "undefined",
        "unknown",
        "unknown caller",
        "unknown number",
        "withheld",
    }
)
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_SHORTEST = 7
# Some switches send the words as the digits of a keypad: +266696687 is "anonymous".
_ON_THE_KEYPAD = frozenset(
    word.translate(_KEYPAD) for word in _WORDS if len(word) >= _SHORTEST and word.isalpha()
)
_NOBODYS_NUMBERS = frozenset(word.translate(_KEYPAD) for word in ("anonymous", "unavailable"))
"""Known without a plus too. "Restricted" is not: its digits are a telephone number in Texas."""

_HIDING = frozenset({"id", "user", "header", "full", "yes", "hide_number", "uri"})
_PRIVACY_HEADERS = frozenset({"privacy", "x-privacy", "p-privacy"})
_SEPARATORS = re.compile(r"[\s_.+\-]+")


def is_withheld(number: str, headers: Mapping[str, Any]) -> bool:
    """Return whether a caller's number is hidden: by a word, its keypad spelling, nothing, or a header."""
    bare = number.strip().strip("\"'<>").lower().removeprefix("sips:").removeprefix("sip:")
    user, _, domain = bare.partition("@")
    words = _SEPARATORS.sub(" ", user).strip()
    if not words or words in _WORDS or words.replace(" ", "") in _WORDS:
        return True
    if domain.endswith(".invalid") or words in (_ON_THE_KEYPAD if bare[0] == "+" else _NOBODYS_NUMBERS):
        return True
    return words.strip("0") == "" or _asks_for_privacy(headers)


def _asks_for_privacy(headers: Mapping[str, Any]) -> bool:
    for name, value in headers.items():
        if name.lower() not in _PRIVACY_HEADERS or not isinstance(value, str):
            continue
        if _HIDING & {part.strip() for part in re.split(r"[;,]", value.lower())}:
            return True
    return False
