"""Spoken text in the caller's language: sentences, numbers, money and times as words.

`languages()` have built-in sentences; money and times are written in every language of `known_languages()`.
Callers with another language hear English sentences, in an English voice.
"""

from pivot_app.speech._languages import base, languages
from pivot_app.speech._sentences import sentences
from pivot_app.speech._speech import (
    Spoken,
    balance,
    known_languages,
    locale,
    say,
    sentence,
    spoken_language,
    text,
    try_again_later,
    voice,
)
from pivot_app.speech._words import Amount, Minutes, minutes, money, number, spelled

__all__ = [
    "Amount",
    "Minutes",
    "Spoken",
    "balance",
    "base",
    "known_languages",
    "languages",
    "locale",
    "minutes",
    "money",
    "number",
    "say",
    "sentence",
    "sentences",
    "spelled",
    "spoken_language",
    "text",
    "try_again_later",
    "voice",
]
