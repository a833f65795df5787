"""Finds texts that may grow longer than tts speaks, alone or together with what is said before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pivot_app import speech
from pivot_app.documents._findings import Finding, Place
from pivot_app.documents._texts import FILLED_CHARACTERS, TTS_CHARACTERS, in_language, places
from pivot_app.menus._document import Menu, MenuDocument


def too_long(document: MenuDocument, texts: Iterable[tuple[Place, Mapping[str, str]]]) -> Iterator[Finding]:
    """Yield the texts that are too long, each counted with its placeholders filled."""
    for place, per_language in texts:
        for language, text in per_language.items() if place[-1] != "media" else ():
            filled = _filled({language: text}, language)
            if filled > TTS_CHARACTERS:
                message = (
                    f"in {language} this may grow to {filled} characters once filled; tts speaks "
                    f"{TTS_CHARACTERS}"
                )
                yield Finding((*place, language), "error", message)
    for name, menu in document.menus.items():
        for place, characters in _together(menu, document.languages):
            message = (
                f"this and the prompt are spoken as one text, of up to {characters} characters; tts speaks "
                f"{TTS_CHARACTERS}"
            )
            yield Finding(("menus", name, *place), "error", message)


def _together(menu: Menu, languages: Iterable[str]) -> Iterator[tuple[Place, int]]:
    """Yield what is said before the prompt, in one text with it that is too long, and that text's length."""
    before: list[tuple[Place, Mapping[str, str] | None, str]] = [
        (("greeting",), menu.greeting, ""),
        (("no_input", "say"), menu.no_input.say, "nothing_pressed"),
        (("no_match", "say"), menu.no_match.say, "not_a_choice"),
    ]
    for place, texts, ours in before:
        longest = 0
        for language in languages if menu.prompt is not None and (texts or ours) else ():
            prompt = _filled(menu.prompt or {}, language)
            said = _filled(texts, language) if texts else len(speech.text(ours, language))
            if prompt <= TTS_CHARACTERS:
                longest = max(longest, said + len(" ") + prompt)
        if longest > TTS_CHARACTERS:
            yield place, longest


def _filled(texts: Mapping[str, str], language: str) -> int:
    """How long a text may get in a language."""
    text = in_language(texts, language)[1]
    return len(text) + FILLED_CHARACTERS * len(places({language: text}))
