"""Sentences in the caller's language, and the language for the speech engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pivot_app.lazy_dataclass import dataclass
from pivot_app.speech._languages import DEFAULT_LANGUAGE, base, cldr, language, languages
from pivot_app.speech._words import Amount, Minutes

if TYPE_CHECKING:
    from kazoo_callflow import Flow

MAX_NAME = 60
TTS_CHARACTERS = 1000
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){1,3}")

Value = str | Amount | Minutes


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something to say: a text with the language it is written in, or a recording."""

    text: str
    tag: str
    media: str = ""

    def flow(self, terminators: list[str] | None = None) -> Flow:
        """Return the node that speaks or plays it; `terminators` as of `tts`, None for every key."""
        from kazoo_callflow import play, tts

        if self.media:
            return (
                play(id=self.media) if terminators is None else play(id=self.media, terminators=terminators)
            )
        return tts(self.text[:TTS_CHARACTERS], language=self.tag, terminators=terminators)

    def then(self, other: Spoken) -> Spoken:
        """Return both as one text; a recording, or another language, stays without the other."""
        if self.media or other.media or self.tag != other.tag:
            return self
        return Spoken(f"{self.text} {other.text}", self.tag)


def spoken_language(tag: str | None) -> str:
    """Return the language we speak to someone whose language is `tag` (`fr-CA`, `de`, …)."""
    return base(tag) if base(tag) in languages() else DEFAULT_LANGUAGE


def locale(tag: str | None) -> str:
    """Return the tag to give `tts` for a built-in text: the caller's own when we speak it (`es-mx`), else the
    language's (`en-us`)."""
    spoken = language(spoken_language(tag))
    own = (tag or "").replace("_", "-").lower()
    return own if base(own) == spoken.code and _TAG.fullmatch(own) else spoken.tag


def voice(text_tag: str, caller_tag: str | None) -> str:
    """Return the tag to give `tts` for a text an author wrote in the language `text_tag`.

    The caller's own region where the language is theirs (`es-mx` for a text in `es`), else the text's own: a
    text is never spoken in the voice of another language.
    """
    own, written = (caller_tag or "").replace("_", "-").lower(), text_tag.replace("_", "-").lower()
    if "-" not in written and base(own) == base(written) and _TAG.fullmatch(own):
        return own
    if "-" not in written and base(written) in languages():
        return language(base(written)).tag
    return written


def sentence(key: str, tag: str | None, **values: Value) -> Spoken:
    """Return the sentence `key` in the caller's language, with `values` filled in, in that same language.

    If the language lacks the sentence, return the English one in an English voice.

    Raises:
        KeyError: There is no such sentence, or a value it needs is missing.
    """
    spoken = language(spoken_language(tag))
    if key not in spoken.sentences:
        tag, spoken = DEFAULT_LANGUAGE, language(DEFAULT_LANGUAGE)
    found = spoken.sentences[key]
    filled = {
        name: value if isinstance(value, str) else value.spoken(spoken.code) for name, value in values.items()
    }
    said = found.text.format(**filled)
    return Spoken(said[:1].upper() + said[1:], locale(tag), found.media)


def text(key: str, tag: str | None, **values: Value) -> str:
    """Return the words of `sentence`."""
    return sentence(key, tag, **values).text


def say(key: str, tag: str | None, **values: Value) -> Flow:
    """Return the node that speaks the sentence `key` in the caller's language, or plays its recording."""
    return sentence(key, tag, **values).flow()


def balance(
    tag: str | None,
    amount: Amount | None,
    *,
    reserved: Amount | None = None,
    age_seconds: int = 0,
    name: str = "",
) -> Spoken:
    """Return the sentence that speaks a balance, wherever one is spoken.

    amount: all that is there; None when nobody knows it. reserved: what of it live calls hold, in a second
    sentence. age_seconds: spoken from a minute on. name: greets its owner.
    """
    if amount is None:
        return sentence("balance_unknown", tag)
    if age_seconds >= 60:
        spoken = sentence("balance_aged", tag, money=amount, ago=Minutes(age_seconds // 60, ago=True))
    elif name:
        spoken = sentence("balance_named", tag, money=amount, name=name[:MAX_NAME])
    else:
        spoken = sentence("balance", tag, money=amount)
    if reserved is None:
        return spoken
    return spoken.then(sentence("balance_reserved", tag, money=reserved))


def try_again_later(tag: str | None) -> Flow:
    """Return the apology for a fault, after which the call ends: a callback's fallback."""
    from kazoo_callflow import hangup

    return say("try_again_later", tag) >> hangup()


def known_languages() -> Mapping[str, bool]:
    """Return every language amounts can be written in, and whether we have sentences in it too."""
    from pivot_app.speech._languages import cldr_languages

    return {code: code in languages() for code in sorted(cldr_languages() | languages()) if cldr(code)}
