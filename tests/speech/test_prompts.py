"""What callers hear."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app import speech
from pivot_app.speech._languages import cldr, cldr_languages, language

ENGLISH = language("en").sentences
EVERY_LANGUAGE = sorted(speech.languages())


def placeholders(sentence: str) -> set[str]:
    """The names a sentence needs filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", EVERY_LANGUAGE)
def test_every_language_has_every_sentence(code: str) -> None:
    """A sentence added in one language only would be English on a live call in the others."""
    spoken = language(code)
    assert {key: placeholders(said.text) for key, said in spoken.sentences.items()} == {
        key: placeholders(said.text) for key, said in ENGLISH.items()
    }
    assert speech.base(spoken.tag) == code
    assert code in cldr_languages()
    for key, said in spoken.sentences.items():
        assert said.text.strip() == said.text
        assert not (said.media and placeholders(said.text)), f"{key}: a recording cannot say {said.text}"


def test_at_least_twenty_languages_are_spoken() -> None:
    """The built-in sentences; money and times are written in many more."""
    assert len(EVERY_LANGUAGE) >= 20
    assert len(cldr_languages()) >= 60


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
        (3_500_000, "CHF", "en", "three point five Swiss francs"),
        (12_340_000, "BRL", "pt-br", "doze reais e trinta e quatro centavos"),
        (1_000_000, "BRL", "pt", "um real"),
        (12_340_000, "EUR", "pt-pt", "doze euros e trinta e quatro cêntimos"),
        (12_340_000, "PLN", "pl", "dwanaście złotych trzydzieści cztery grosze"),
        (21_000_000, "RUB", "ru-ru", "двадцать один рубль"),
        (12_340_000, "USD", "zh-cn", "12.34美元"),
        (500_000_000, "JPY", "ja", "五百円"),
        (12_000_000, "SEK", "sv", "tolv kronor"),
        (20_000_000, "RON", "ro", "douăzeci de lei"),
        (12_500_000, "INR", "el", "12,50 ρουπίες Ινδίας"),
        (12_500_000, "BRL", "xx", "12.50 BRL"),
        (12_500_000, "XTS", "en", "12.50 XTS"),
    ],
)
def test_money_is_spoken_as_a_person_would(micros: int, currency: str, language: str, words: str) -> None:
    """Amounts come in the language's own words, with the currency's name, without zero cents."""
    assert speech.money(micros, currency, language) == words


@pytest.mark.parametrize("code", ["en", "es", "fr", "de"])
def test_money_with_thousandths_is_spoken_whole_and_signed(code: str) -> None:
    """345 fils are not 34, and what is owed is never spoken as if it were there."""
    assert speech.money(12_345_000, "KWD", code).startswith(speech.number(Decimal("12.345"), code))
    owed, there = speech.money(-5_000, "KWD", code), speech.money(5_000, "KWD", code)
    assert owed.endswith(there)
    assert owed != there
    assert speech.number(-3, code).endswith(speech.number(3, code))


def test_part_of_a_cent_is_not_promised() -> None:
    """19 999 micros are one cent, not two; a debt of as much is two."""
    assert speech.money(19_999, "USD", "en") == "one cent"
    assert speech.money(-19_999, "USD", "en") == "minus two cents"


CURRENCIES = sorted(cldr("en").currencies)  # type: ignore[union-attr]


@given(
    st.integers(min_value=-(10**15), max_value=10**15),
    st.sampled_from([*CURRENCIES, "XTS"]),
    st.sampled_from([*sorted(cldr_languages()), "en-us", "fr-CA", "zh-hant-tw", "no-no", None, "xx"]),
)
def test_any_amount_can_be_spoken(micros: int, currency: str, tag: str | None) -> None:
    """No amount, currency or language makes the balance unspeakable, or takes the currency's name away."""
    words = speech.money(micros, currency, tag)
    assert words
    assert not set("|{}()") & set(words)
    known = cldr(speech.base(tag))
    if known is not None and currency in known.currencies and currency not in str(known.currencies[currency]):
        assert currency not in words


@given(
    st.sampled_from(sorted(cldr_languages())),
    st.integers(min_value=0, max_value=10**6),
    st.booleans(),
)
def test_minutes_in_every_language(code: str, count: int, ago: bool) -> None:
    """Times are phrases of CLDR; no place of theirs is left open."""
    phrase = speech.minutes(count, code, ago=ago)
    assert phrase
    assert "{" not in phrase


@given(
    st.integers(min_value=-(10**9), max_value=10**9), st.sampled_from([*sorted(cldr_languages()), "xx", None])
)
def test_any_number_can_be_spoken(value: int, tag: str | None) -> None:
    """In words or in digits."""
    assert speech.number(value, tag)


@pytest.mark.parametrize(
    ("count", "tag", "phrase", "ago"),
    [
        (5, "en", "five minutes", "five minutes ago"),
        (2, "ru", "2 минуты", "2 минуты назад"),
        (25, "ru", "25 минут", "25 минут назад"),
        (21, "ru", "21 минута", "21 минуту назад"),
        (2, "pl", "2 minuty", "2 minuty temu"),
        (5, "pl", "5 minut", "5 minut temu"),
        (5, "ja", "五 分", "五 分前"),
        (21, "es", "21 minutos", "hace 21 minutos"),
    ],
)
def test_minutes_agree_with_their_number(count: int, tag: str, phrase: str, ago: str) -> None:
    """Languages with more plurals than two get the right one."""
    assert speech.minutes(count, tag) == phrase
    assert speech.minutes(count, tag, ago=True) == ago


@pytest.mark.parametrize(
    ("tag", "language", "locale"),
    [
        ("en-us", "en", "en-us"),
        ("es_MX", "es", "es-mx"),
        ("fr", "fr", "fr-fr"),
        ("DE-at", "de", "de-at"),
        ("pt-br", "pt", "pt-br"),
        ("cmn-hans-cn", "zh", "cmn-hans-cn"),
        ("no-NO", "nb", "no-no"),
        ("sw-ke", "en", "en-us"),
        ("x", "en", "en-us"),
        ("../../etc", "en", "en-us"),
        (None, "en", "en-us"),
        ("", "en", "en-us"),
    ],
)
def test_language_tags(tag: str | None, language: str, locale: str) -> None:
    """A known language keeps the caller's region; any other is spoken to in English, by an English voice."""
    assert speech.spoken_language(tag) == language
    assert speech.locale(tag) == locale


@pytest.mark.parametrize(
    ("written", "caller", "voice"),
    [
        ("es", "es-mx", "es-mx"),
        ("es", "en-us", "es-es"),
        ("es-es", "es-mx", "es-es"),
        ("sw", "en-us", "sw"),
        ("sw", "sw-ke", "sw-ke"),
        ("zh", "cmn-hans-cn", "cmn-hans-cn"),
        ("en", None, "en-us"),
    ],
)
def test_a_text_is_spoken_in_the_voice_of_its_own_language(
    written: str, caller: str | None, voice: str
) -> None:
    """The caller's region where the language is theirs, never their language for another one's text."""
    assert speech.voice(written, caller) == voice


def test_say_speaks_in_the_language_of_the_text() -> None:
    """The speech engine is told the language of the words it gets, and money is in that language too."""
    node = speech.say("balance", "es-mx", money=speech.Amount(1_000_000, "USD")).to_dict()
    assert node["module"] == "tts"
    assert node["data"]["text"] == "Su saldo es de un dólar."
    assert node["data"]["language"] == "es-mx"
    node = speech.say("balance", "sw-ke", money=speech.Amount(1_000_000, "USD")).to_dict()
    assert node["data"]["text"] == "Your balance is one dollar."
    assert node["data"]["language"] == "en-us"


def test_a_recording_is_played_instead_of_a_text() -> None:
    """An author's own language may have media for its sentences."""
    played = speech.Spoken("Goodbye.", "en-us", "abc").flow().to_dict()
    assert (played["module"], played["data"]) == ("play", {"id": "abc"})


def test_digits_are_read_one_by_one() -> None:
    """An account number is not a quantity."""
    assert speech.spelled("1001") == "1, 0, 0, 1"
