"""Sentences as text and as a `tts` node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pivot_app.speech._texts import TEXTS

if TYPE_CHECKING:
    from kazoo_callflow import Flow

DEFAULT_LANGUAGE = "en"
# What `tts` is told when the call's own language is another one: a full tag, as speech engines want it.
_LOCALES = {"en": "en-us", "es": "es-es", "fr": "fr-fr", "de": "de-de"}


def spoken_language(tag: str | None) -> str:
    """The language we speak to someone whose language is `tag` (`fr-CA`, `de`, …): en, es, fr or de."""
    base = (tag or "").replace("_", "-").split("-", 1)[0].lower()
    return base if base in TEXTS else DEFAULT_LANGUAGE


def locale(tag: str | None) -> str:
    """The language tag to give `tts`: the caller's own when we speak it (`es-mx`), else ours (`en-us`)."""
    language = spoken_language(tag)
    own = (tag or "").replace("_", "-").lower()
    return own if own.startswith(f"{language}-") else _LOCALES[language]


def text(key: str, language: str | None, **values: str) -> str:
    """The sentence `key` in the caller's language, with `values` filled in.

    Raises:
        KeyError: There is no such sentence, or a value it needs is missing.
    """
    return TEXTS[spoken_language(language)][key].format(**values)


def say(key: str, language: str | None, **values: str) -> Flow:
    """A `tts` node that speaks the sentence `key` in the caller's language."""
    from kazoo_callflow import tts

    return tts(text(key, language, **values), language=locale(language))


def try_again_later(language: str | None) -> Flow:
    """The apology for a fault of ours, after which the call ends: a callback's fallback."""
    from kazoo_callflow import hangup

    return say("try_again_later", language) >> hangup()
