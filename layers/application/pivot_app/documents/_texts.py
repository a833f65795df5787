"""What callers hear: one text per language, with places that are filled from the caller's and the account's
data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from pivot_app.speech import base, number, sentences

FALLBACK_LANGUAGE = "en"
TTS_CHARACTERS = 1000
"""KAZOO 4.3 and 5 refuse a whole answer over one tts text longer than this."""
FILLED_CHARACTERS = 100
"""A filled-in value is cut to this, so that data from outside cannot push a text over the limit."""

PLACE = re.compile(r"\{\s*([a-z_][a-z0-9_.]*)\s*(?:\|([^{}]*))?\}")
IDENTIFIERS = frozenset({"account.id", "call.digits", "call.number", "caller.number", "call.dialled"})
"""Values that are read digit by digit, however short."""
LONGEST_QUANTITY = 5
"""A number of more digits, or one that begins with 0 or +, is read digit by digit too."""
TYPED = ("state.", "query.")
LONGEST_TYPED_QUANTITY = 2
"""The maximum length of an earlier entry that is read as a quantity, such as guests or an hour."""
LONGEST_HONORIFIC = 2
"""様, さん, 님: what may stand beside a name that is left out with it."""

_NUMBER = re.compile(r"\(?[0-9](?:[0-9 ().-]*[0-9])?")
_COMMA = re.compile(r"([,，、،]\s*)")
_NOT_SPOKEN = re.compile(r"[\x00-\x1f\x7f<>&{}]")

Values = Callable[[str, str], str | None]
"""Looks up the value of a placeholder in a language; None when there is none."""


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return (language, text) for the best match: exact, same language, English, then the first there is."""
    for wanted in (language, FALLBACK_LANGUAGE):
        tongue = base(wanted)
        for candidate in (wanted, tongue):
            if candidate in texts:
                return candidate, texts[candidate]
        for candidate, text in texts.items():
            if base(candidate) == tongue:
                return candidate, text
    return next(iter(texts.items()))


def places(texts: Mapping[str, str]) -> frozenset[str]:
    """Return the names of all placeholders in a text, whatever the language."""
    return frozenset(place[1] for text in texts.values() for place in PLACE.finditer(text))


def fill(text: str, language: str, values: Values, *, spoken: bool = True) -> str:
    """Fill the placeholders of `text`; a sentence whose data is missing is left out rather than spoken with a
    hole.

    `{caller.name|friend}` gives a word to use instead. Of "Hello, {caller.name}." only the name is left out.
    Spoken, numbers that identify something are read digit by digit. The result may be empty; it is never
    longer than tts allows.
    """
    pieces = (_fill_sentence(sentence, language, values, spoken) for sentence in sentences(text, language))
    return _cut("".join(pieces).strip())


def lost_keys(text: str, language: str, keys: Iterable[str]) -> list[str]:
    """Return the keys that a text offers, and no longer offers when none of its data is there.

    A key is offered by its digit, in any script, or by its number in words.
    """
    bare = fill(text, language, lambda _place, _language: None)
    return [
        key
        for key in keys
        if _offers(PLACE.sub(" ", text), key, language) and not _offers(bare, key, language)
    ]


def can_vanish(text: str, language: str) -> bool:
    """Return whether nothing of a text is left when none of its data is there."""
    return not fill(text, language, lambda _place, _language: None)


def _offers(text: str, key: str, language: str) -> bool:
    plain = "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in text)
    if re.search(rf"(?<![0-9.,]){re.escape(key)}(?![0-9])(?![.,][0-9])", plain):
        return True
    words = number(int(key), language) if key.isascii() and key.isdigit() and len(key) < 3 else ""
    return bool(words) and not words.isdigit() and bool(re.search(rf"\b{re.escape(words)}\b", plain.lower()))


def _fill_sentence(sentence: str, language: str, values: Values, spoken: bool) -> str:
    filled, missing = _filled(sentence, language, values, spoken)
    if missing:
        shorter = _without_address(sentence, missing)
        filled, missing = _filled(shorter, language, values, spoken) if shorter else ("", set())
    return "" if missing else filled


def _filled(sentence: str, language: str, values: Values, spoken: bool) -> tuple[str, set[str]]:
    """Return the filled sentence, and the placeholders that had no value."""
    missing: set[str] = set()

    def value_of(place: re.Match[str]) -> str:
        value = values(place[1], language)
        clean = _NOT_SPOKEN.sub(" ", value)[:FILLED_CHARACTERS].strip() if value else ""
        if clean and spoken:
            clean = _as_digits(place[1], clean)
        if not clean and place[2] is None:
            missing.add(place[0])
        return clean or place[2] or ""

    return PLACE.sub(value_of, sentence), missing


def _as_digits(place: str, value: str) -> str:
    """Return a number that identifies something digit by digit: +14155550100 is not a quantity."""
    digits = value.removeprefix("+")
    if not _NUMBER.fullmatch(digits):
        return value
    bare = "".join(filter(str.isdigit, digits))
    longest = LONGEST_TYPED_QUANTITY if place.startswith(TYPED) else LONGEST_QUANTITY
    is_identifier = place in IDENTIFIERS or len(bare) > longest or bare.startswith("0") or digits != value
    return " ".join(bare) if is_identifier and len(bare) > 1 else value


def _without_address(sentence: str, missing: set[str]) -> str:
    """Return a sentence without the name it addresses, between commas; empty where that is all."""
    tail = re.search(r"[\s.!?…。！？｡\u0964\u061f\u06d4]*$", sentence)
    end = tail[0] if tail else ""
    clauses = _COMMA.split(sentence[: len(sentence) - len(end)])
    kept: list[str] = []
    for clause, comma in zip(clauses[::2], [*clauses[1::2], ""], strict=True):
        rest = clause
        for place in missing:
            rest = rest.replace(place, "")
        if rest != clause and len(rest.strip()) <= LONGEST_HONORIFIC:
            if not comma and kept:
                # It was the last clause: the comma before it goes too.
                kept.pop()
            continue
        kept += [clause, comma]
    shorter = "".join(kept).strip()
    return shorter + end if shorter else ""


def _cut(text: str) -> str:
    if len(text) <= TTS_CHARACTERS:
        return text
    shortened = text[:TTS_CHARACTERS]
    whole_sentences = max(shortened.rfind(mark) for mark in ".!?。！？।؟۔")
    return shortened[: whole_sentences + 1] if whole_sentences > 0 else shortened
