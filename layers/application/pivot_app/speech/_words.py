"""Numbers and money in words."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from pivot_app.speech._speech import spoken_language

MICROS = 1_000_000

# ISO 4217: how many decimals a currency has where it is not two.
_DECIMALS = dict.fromkeys(
    ("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
# Currencies whose units are called dollar and cent, spoken as such where num2words lacks them.
_DOLLARS = frozenset(
    {"AUD", "BBD", "BSD", "BZD", "CAD", "FJD", "HKD", "JMD", "NZD", "SGD", "TTD", "TWD", "XCD"}
)


def money(micros: int, currency: str, language: str | None) -> str:
    """An amount in words: `money(12_500_000, "USD", "en")` is "twelve dollars, fifty cents".

    A part of the smallest coin is dropped, towards less money, so a balance is never promised too high.
    A currency that has no words in the language is spoken as a number and its code.
    """
    from num2words import num2words

    spoken = spoken_language(language)
    decimals = _DECIMALS.get(currency, 2)
    amount = (Decimal(micros) / MICROS).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)
    units = (currency, "USD") if currency in _DOLLARS else (currency,)
    # num2words counts every coin as a hundredth: a thousandth is spoken as a number.
    for unit in units if decimals < 3 else ():
        try:
            words: str = num2words(
                _with_cents(amount), lang=spoken, to="currency", currency=unit, separator=" |"
            )
        except NotImplementedError:
            continue
        whole, _, coins = (part.strip() for part in words.partition("|"))
        return _join(amount, whole, coins, spoken)
    return f"{number(amount, spoken)} {currency}"


def _with_cents(amount: Decimal) -> Decimal:
    """num2words takes a number without decimals for cents."""
    return amount.quantize(Decimal("0.01"))


def _join(amount: Decimal, whole: str, coins: str, language: str) -> str:
    """Leave out "zero cents" and "zero dollars", and join what is left as the language does."""
    if amount == amount.to_integral_value():
        return whole
    if abs(amount) < 1:
        return f"{number(-1, language).split()[0]} {coins}" if amount < 0 else coins
    return whole + {"en": ", ", "es": " con ", "fr": " et ", "de": " und "}[language] + coins


def number(value: int | Decimal, language: str | None) -> str:
    """A number in words: `number(21, "de")` is "einundzwanzig"."""
    from num2words import num2words

    words: str = num2words(abs(value), lang=spoken_language(language))
    if value >= 0:
        return words
    # num2words leaves out the sign of what is above minus one.
    return f"{num2words(-1, lang=spoken_language(language)).split()[0]} {words}"


def spelled(characters: str) -> str:
    """Digits or letters one by one, with pauses: "1001" is "1, 0, 0, 1"."""
    return ", ".join(characters)
