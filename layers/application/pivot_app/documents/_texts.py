"""What callers hear: one text per language, with places that are filled from the caller's and the account's
data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

FALLBACK_LANGUAGE = "en"
TTS_CHARACTERS = 1000
"""KAZOO 4.3 and 5 refuse a whole answer over one tts text longer than this."""
FILLED_CHARACTERS = 100
"""A filled-in value is cut to this, so that data from outside cannot push a text over the limit."""

PLACE = re.compile(r"\{\s*([a-z_][a-z0-9_.]*)\s*(?:\|([^{}]*))?\}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_NOT_SPOKEN = re.compile(r"[\x00-\x1f\x7f<>&{}]")

Values = Callable[[str, str], str | None]
"""Looks up the value of a placeholder in a language; None when there is none."""


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return (language, text) for the best match: exact, same tongue, English, then the first there is."""
    tongue = language[:2]
    for candidate in (language, tongue, FALLBACK_LANGUAGE):
        if candidate in texts:
            return candidate, texts[candidate]
    for candidate, text in texts.items():
        if candidate[:2] in (tongue, FALLBACK_LANGUAGE):
            return candidate, text
    return next(iter(texts.items()))


def places(texts: Mapping[str, str]) -> frozenset[str]:
    """Return the names of all placeholders in a text, whatever the language."""
    return frozenset(place[1] for text in texts.values() for place in PLACE.finditer(text))


def fill(text: str, language: str, values: Values) -> str:
    """Fill the placeholders of `text`; a sentence whose data is missing is left out rather than spoken with a
    hole.

    `{caller.name|friend}` gives a word to use instead. The result may be empty; it is never longer than tts
    allows.
    """
    sentences = (_fill_sentence(sentence, language, values) for sentence in _SENTENCE.split(text))
    return _cut(" ".join(sentence for sentence in sentences if sentence))


def _fill_sentence(sentence: str, language: str, values: Values) -> str:
    missing = False

    def value_of(place: re.Match[str]) -> str:
        nonlocal missing
        value = values(place[1], language)
        spoken = _NOT_SPOKEN.sub(" ", value)[:FILLED_CHARACTERS].strip() if value else ""
        if not spoken and place[2] is None:
            missing = True
        return spoken or place[2] or ""

    filled = PLACE.sub(value_of, sentence).strip()
    return "" if missing else filled


def _cut(text: str) -> str:
    if len(text) <= TTS_CHARACTERS:
        return text
    shortened = text[:TTS_CHARACTERS]
    whole_sentences = max(shortened.rfind(mark) for mark in ".!?")
    return shortened[: whole_sentences + 1] if whole_sentences > 0 else shortened
