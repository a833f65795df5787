"""Finds texts that callers would not hear as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pivot_app import speech
from pivot_app.documents import FILLED_CHARACTERS, TTS_CHARACTERS, Part, in_language, lost_keys, places
from pivot_app.menus import Menu
from pivotctl.data._placeholders import KNOWN_VALUES
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import MenuDocument, RoutingDocument
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath

Spoken = tuple[DocumentPath, Part]


def texts(document: MenuDocument | RoutingDocument) -> Iterator[Diagnostic]:
    """Yield what is wrong with the sentences of a document."""
    spoken = list(sentences(document))
    yield from _languages(document.languages, spoken)
    yield from _without_our_sentences(document.languages)
    yield from _too_long(spoken)
    yield from _misspelt(spoken)
    if isinstance(document, MenuDocument):
        yield from _lost_keys(document)
        for name, menu in document.menus.items():
            for place, characters in _together(menu, document.languages):
                message = (
                    f"this and the prompt are spoken as one text, of up to {characters} characters; "
                    f"tts speaks {TTS_CHARACTERS}"
                )
                yield Diagnostic(("menus", name, *place), "error", message)


def sentences(part: Any) -> Iterator[Spoken]:
    """Yield (place, part of a sentence) of all that is spoken or played."""
    for place, value in walk_values(part):
        if isinstance(value, tuple) and value and isinstance(value[0], Part):
            for index, each in enumerate(value):
                yield (place if len(value) == 1 else (*place, index)), each


def _languages(wanted: Iterable[str], spoken: Iterable[Spoken]) -> Iterator[Diagnostic]:
    for place, part in spoken:
        if part.language is not None:
            continue
        known = part.text or part.media or {}
        tongues = {speech.base(language) for language in known}
        missing = [each for each in wanted if each not in known and speech.base(each) not in tongues]
        if missing:
            message = (
                f"no text in {', '.join(missing)}; such callers hear "
                f"{'English' if 'en' in tongues else 'another language'}"
            )
            yield Diagnostic(place, "warning", message)


def _without_our_sentences(wanted: Iterable[str]) -> Iterator[Diagnostic]:
    """Warn of languages in which we have no sentences of our own: the balance, apologies, "goodbye"."""
    for at, language in enumerate(wanted):
        if speech.base(language) not in speech.languages():
            message = (
                f"there are no built-in sentences in {language}: its callers hear the balance, apologies and "
                "what you do not write yourself in English, in an English voice; write `say` for no_match, "
                "no_input and goodbye, or add the language (docs/speech.md)"
            )
            yield Diagnostic(("languages", at), "warning", message)


def _too_long(spoken: Iterable[Spoken]) -> Iterator[Diagnostic]:
    for place, part in spoken:
        for language, text in (part.text or {}).items():
            filled = _filled({language: text}, language)
            if filled > TTS_CHARACTERS:
                message = (
                    f"in {language} this may grow to {filled} characters once filled; tts speaks "
                    f"{TTS_CHARACTERS}"
                )
                yield Diagnostic((*place, language), "error", message)


def _lost_keys(document: MenuDocument) -> Iterator[Diagnostic]:
    """Yield a sentence whose data is missing is left out: it must not take the keys it offers with it."""
    for name, menu in document.menus.items():
        keys = [key for key in menu.keys if not key.startswith("/")]
        for place, part in sentences(menu.prompt):
            for language, text in (part.text or {}).items():
                lost = lost_keys(text, language, keys)
                if lost:
                    message = (
                        f"in {language} a caller whose data is missing does not hear of the key "
                        f"{', '.join(lost)}: its sentence is left out; give a word to use instead, like "
                        "{caller.name|friend}, or a sentence of its own"
                    )
                    yield Diagnostic(("menus", name, "prompt", *place, language), "error", message)


def _together(menu: Menu, languages: Iterable[str]) -> Iterator[tuple[DocumentPath, int]]:
    """Yield what is said before the prompt, in one text with it that is too long, and that text's length."""
    before: list[tuple[DocumentPath, tuple[Part, ...] | None, str]] = [
        (("greeting",), menu.greeting, ""),
        (("greeting_on_return",), menu.greeting_on_return, ""),
        (("no_input", "say"), menu.no_input.say, "nothing_pressed"),
        (("no_match", "say"), menu.no_match.say, "not_a_choice"),
    ]
    for place, sentence, ours in before:
        longest = 0
        for language in languages if sentence or ours else ():
            prompt = _length(menu.prompt, language)
            said = _length(sentence, language) if sentence else len(speech.text(ours, language))
            if 0 < prompt <= TTS_CHARACTERS:
                longest = max(longest, said + len(" ") + prompt)
        if longest > TTS_CHARACTERS:
            yield place, longest


def _length(sentence: tuple[Part, ...], language: str) -> int:
    return sum(_filled(part.text, part.language or language) for part in sentence if part.text)


def _filled(per_language: Mapping[str, str], language: str) -> int:
    """Return how long a text may get in a language."""
    text = in_language(per_language, language)[1]
    return len(text) + FILLED_CHARACTERS * len(places({language: text}))


def _misspelt(spoken: Iterable[Spoken]) -> Iterator[Diagnostic]:
    """Placeholders that are nearly, but not quite, called as data that is always there."""
    for place, part in spoken:
        for name in sorted(places(part.text or {})):
            close = get_close_matches(name, KNOWN_VALUES, n=1, cutoff=0.85)
            if close and name not in KNOWN_VALUES and name.partition(".")[0] in ("caller", "account"):
                message = (
                    f"{{{name}}} is read as an attribute of that name, and its sentence is left out where "
                    f"there is none; did you mean {{{close[0]}}}?"
                )
                yield Diagnostic(place, "warning", message)
