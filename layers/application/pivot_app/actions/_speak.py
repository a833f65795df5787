"""Sentences as flows: texts of one voice are one `tts`, recordings are `play`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import kazoo_callflow as cf
from pivot_app import speech
from pivot_app.documents import TTS_CHARACTERS, Part, fill, in_language

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions._context import ActionScope

Piece = tuple[str, str]
"""(voice, text); for a recording the voice is empty and the text its id or URL."""


def pieces(sentence: Iterable[Part], scope: ActionScope) -> list[Piece]:
    """Return the sentence as the caller hears it: every text filled, in the caller's language."""
    found: list[Piece] = []
    for part in sentence:
        language = part.language or scope.language
        if part.media is not None:
            found.append(("", in_language(part.media, language)[1]))
        if part.text is not None:
            spoken, text = in_language(part.text, language)
            filled = fill(text, spoken, scope.value)
            if filled:
                found.append((speech.voice(spoken, language), filled))
    return found


def ours(phrase: str, scope: ActionScope) -> Piece:
    """Return one of our own sentences in the caller's language, or its recording."""
    return piece(speech.sentence(phrase, scope.language))


def piece(spoken: speech.Spoken) -> Piece:
    """Return a built-in text as a part of a sentence."""
    return ("", spoken.media) if spoken.media else (spoken.tag, spoken.text)


def play(found: Sequence[Piece], terminators: list[str] | None = None) -> Flow | None:
    """Return the flow that speaks and plays the pieces in order; None when there is nothing to hear.

    Neighbours of one voice are one text, so that the first key stops all of it.
    """
    flow: Flow | None = None
    for voice, text in reversed(_joined(found)):
        if voice:
            node = cf.tts(text[:TTS_CHARACTERS], language=voice, terminators=terminators)
        elif terminators is None:
            node = cf.play(id=text)
        else:
            node = cf.play(id=text, terminators=terminators)
        flow = node if flow is None else node >> flow
    return flow


def _joined(found: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for voice, text in found:
        if joined and voice and joined[-1][0] == voice:
            joined[-1] = (voice, f"{joined[-1][1]} {text}")
        else:
            joined.append((voice, text))
    return joined


def say(sentence: Iterable[Part] | None, scope: ActionScope) -> Flow | None:
    """Return the flow that speaks a sentence; None when there is nothing to hear."""
    return None if sentence is None else play(pieces(sentence, scope))


def join(first: Flow | None, second: Flow) -> Flow:
    """Return both flows, or the second alone."""
    return second if first is None else first >> second


def apology(scope: ActionScope, phrase: str = "try_again_later") -> Flow:
    """Return one of our own sentences and the end of the call."""
    return speech.say(phrase, scope.language) >> cf.hangup()


def goodbye(scope: ActionScope) -> Flow:
    """Return the document's last word and the end of the call."""
    sentence = scope.around.settings.goodbye
    if sentence is None:
        return apology(scope, "goodbye")
    return join(say(sentence, scope), cf.hangup())
