"""The field types of documents, with their checks: for the desk, where documents are written and pushed.

Calls read what was checked here already; nothing on their way imports this module, or pydantic.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from pivot_app.documents._texts import FALLBACK_LANGUAGE, PLACE, TTS_CHARACTERS

_ANY_BRACE = re.compile(r"[{}]")
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?")

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
