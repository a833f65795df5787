"""What callers hear."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app import speech
from pivot_app.speech._texts import ENGLISH, TEXTS


def placeholders(sentence: str) -> set[str]:
    """The names a sentence needs filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_every_language_has_every_sentence(language: str) -> None:
    """A sentence added in one language only would fail on a live call in the others."""
    assert {key: placeholders(text) for key, text in TEXTS[language].items()} == {
        key: placeholders(text) for key, text in ENGLISH.items()
    }


@pytest.mark.parametrize(
    ("micros", "currency", "language", "words"),
    [
        (12_500_000, "USD", "en", "twelve dollars, fifty cents"),
        (12_500_000, "USD", "es", "doce dólares con cincuenta centavos"),
        (12_500_000, "EUR", "fr", "douze euros et cinquante centimes"),
        (12_500_000, "EUR", "de", "zwölf Euro und fünfzig Cent"),
        (12_000_000, "USD", "en", "twelve dollars"),
        (1_000_000, "EUR", "de", "ein Euro"),
        (0, "USD", "en", "zero dollars"),
        (50_000, "USD", "en", "five cents"),
        (-3_200_000, "USD", "en", "minus three dollars, twenty cents"),
        (-50_000, "USD", "en", "minus five cents"),
        (5_000_000, "CAD", "fr", "cinq dollars"),
        (1_500_000_000, "JPY", "es", "mil quinientos yenes"),
        (3_500_000, "CHF", "en", "three point five CHF"),
    ],
)
def test_money_is_spoken_as_a_person_would(micros: int, currency: str, language: str, words: str) -> None:
    """Amounts come in the language's own words, without zero cents."""
    assert speech.money(micros, currency, language) == words


@pytest.mark.parametrize("language", ["en", "es", "fr", "de"])
def test_money_with_thousandths_is_spoken_whole_and_signed(language: str) -> None:
    """345 fils are not 34, and what is owed is never spoken as if it were there."""
    assert speech.money(12_345_000, "KWD", language) == f"{speech.number(Decimal('12.345'), language)} KWD"
    owed, there = speech.money(-5_000, "KWD", language), speech.money(5_000, "KWD", language)
    assert owed.endswith(there)
    assert owed != there
    assert speech.number(-3, language).endswith(speech.number(3, language))


def test_part_of_a_cent_is_not_promised() -> None:
    """19 999 micros are one cent, not two; a debt of as much is two."""
    assert speech.money(19_999, "USD", "en") == "one cent"
    assert speech.money(-19_999, "USD", "en") == "minus two cents"


@given(
    st.integers(min_value=-(10**13), max_value=10**13),
    st.sampled_from(["USD", "EUR", "GBP", "MXN", "CAD", "CHF", "JPY", "KWD", "XTS"]),
    st.sampled_from(["en-us", "es", "fr-CA", "de", "pt-br", None]),
)
def test_any_amount_can_be_spoken(micros: int, currency: str, language: str | None) -> None:
    """No amount, currency or language makes the balance unspeakable."""
    words = speech.money(micros, currency, language)
    assert words
    assert "|" not in words


@pytest.mark.parametrize(
    ("tag", "language", "locale"),
    [
        ("en-us", "en", "en-us"),
        ("es_MX", "es", "es-mx"),
        ("fr", "fr", "fr-fr"),
        ("DE-at", "de", "de-at"),
        ("pt-br", "en", "en-us"),
        (None, "en", "en-us"),
        ("", "en", "en-us"),
    ],
)
def test_language_tags(tag: str | None, language: str, locale: str) -> None:
    """A known language keeps the caller's region; any other is spoken to in English."""
    assert speech.spoken_language(tag) == language
    assert speech.locale(tag) == locale


def test_say_speaks_in_the_language_of_the_text() -> None:
    """The speech engine is told the language of the words it gets, not that of the call."""
    node = speech.say("balance", "es-mx", money="un dólar").to_dict()
    assert node["module"] == "tts"
    assert node["data"]["text"] == "Su saldo es de un dólar."
    assert node["data"]["language"] == "es-mx"


def test_digits_are_read_one_by_one() -> None:
    """An account number is not a quantity."""
    assert speech.spelled("1001") == "1, 0, 0, 1"
