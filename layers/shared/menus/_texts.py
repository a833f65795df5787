"""What callers hear: one text per language, with places that are filled from the caller's and the account's
data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo

FALLBACK_LANGUAGE = "en"
TTS_CHARACTERS = 1000
"""KAZOO 4.3 and 5 refuse a whole answer over one tts text longer than this."""
FILLED_CHARACTERS = 100
"""A filled-in value is cut to this, so that data from outside cannot push a text over the limit."""

PLACE = re.compile(r"\{\s*([a-z_][a-z0-9_.]*)\s*(?:\|([^{}]*))?\}")
_ANY_BRACE = re.compile(r"[{}]")
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_NOT_SPOKEN = re.compile(r"[\x00-\x1f\x7f<>&{}]")

CALL_PLACES = frozenset({"dialled", "number", "digits"})
"""`{call.digits}` is what was just entered; `caller.*` and `account.*` may also name any attribute."""


class Strict(BaseModel):
    """The base of every document model: unknown fields are refused and values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def thorough(info: ValidationInfo) -> bool:
    """Return whether a document is being checked at a desk, where slow look-ups are welcome, and not during a
    call."""
    return bool(info.context and info.context.get("thorough"))


def _as_texts(value: Any) -> Any:
    """Accept a bare text as English, the language every other one falls back to."""
    return {FALLBACK_LANGUAGE: value} if isinstance(value, str) else value


def check_language(language: str) -> str:
    """Return `language` if KAZOO's `language` module accepts its form (`en`, `en-us`)."""
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is no language code; write it like en or en-us, in lower case")
    return language


def _check_texts(texts: dict[str, str]) -> dict[str, str]:
    if not texts:
        raise ValueError("give the text in at least one language")
    for language, text in texts.items():
        check_language(language)
        if not text.strip():
            raise ValueError(f"the text in {language} is empty; tts needs at least one character")
        if len(text) > TTS_CHARACTERS:
            raise ValueError(
                f"the text in {language} has {len(text)} characters; tts speaks at most {TTS_CHARACTERS}"
            )
        check_places(text)
    return texts


def check_places(text: str) -> str:
    """Return `text` if all its placeholders name data there can be."""
    if _ANY_BRACE.search(PLACE.sub("", text)):
        raise ValueError("a brace stands outside of a placeholder; write placeholders like {caller.name}")
    for place in PLACE.finditer(text):
        owner, _, name = place[1].partition(".")
        known = (owner == "call" and name in CALL_PLACES) or (owner in ("caller", "account") and name)
        if not known:
            raise ValueError(
                f"no data is called {place[1]!r}; there are caller.name, caller.number, account.name, "
                "account.balance, "
                "account.id, call.dialled, call.number, call.digits, and attributes such as caller.vip"
            )
    return text


def _check_media(media: dict[str, str]) -> dict[str, str]:
    if not media:
        raise ValueError("give the media in at least one language")
    for language, identifier in media.items():
        check_language(language)
        if not 1 <= len(identifier) <= 2048:
            raise ValueError(f"the media in {language} needs a media id or a URL of at most 2048 characters")
    return media


Text = Annotated[dict[str, str], BeforeValidator(_as_texts), AfterValidator(_check_texts)]
"""A text per language: `{en: Hello, es: Hola}`, or a bare text for English."""

Media = Annotated[dict[str, str], BeforeValidator(_as_texts), AfterValidator(_check_media)]
"""A media id or URL per language."""

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
