"""Numbers, money and times as callers hear them, in as many languages as CLDR has.

Words come from num2words where they are right; elsewhere the digits go to the voice, which inflects them,
beside the currency's name of CLDR.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from pivot_app.lazy_dataclass import dataclass
from pivot_app.speech._languages import Cldr, base, cldr, language, languages

MICROS = 1_000_000

# ISO 4217: how many decimals a currency has where it is not two.
_DECIMALS = (
    dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),  # noqa: SIM905
        0,
    )
    | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
    | dict.fromkeys(("CLF", "UYW"), 4)
)
# Currencies whose units are called dollar and cent, where num2words lacks them.
_DOLLARS = frozenset(
    {"AUD", "BBD", "BSD", "BZD", "CAD", "FJD", "HKD", "JMD", "NZD", "SGD", "TTD", "TWD", "XCD"}
)
# What num2words has right, checked by ear; None: every currency it knows. Others it inherits from English.
_MONEY_IN_WORDS: dict[str, frozenset[str] | None] = {
    "en": None,
    "es": None,
    "fr": None,
    "de": None,
    "ca": frozenset({"EUR", "USD"}),
    "fi": frozenset({"EUR", "SEK", "USD"}),
    "he": frozenset({"EUR", "ILS", "USD"}),
    "hu": frozenset({"HUF"}),
    "it": frozenset({"EUR", "USD"}),
    "ja": frozenset({"JPY"}),
    "ko": frozenset({"KRW", "USD"}),
    "nb": frozenset({"NOK"}),
    "nl": frozenset({"EUR", "USD"}),
    "pl": frozenset({"EUR", "PLN", "USD"}),
    "pt": frozenset({"EUR"}),
    "ro": frozenset({"RON"}),
    "ru": frozenset({"BYN", "EUR", "KZT", "RUB", "UAH", "USD"}),
    "uk": frozenset({"EUR", "UAH", "USD"}),
}
_NUM2WORDS = {"nb": "no"}
# In these a numeral follows the gender of what it counts, and a feminine name ends so.
_FEMININE = {"ca": "a", "es": "a", "fr": "e", "it": "a", "pt": "a"}


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money, which becomes words in the language of its sentence."""

    micros: int
    currency: str

    def spoken(self, tag: str | None) -> str:
        """Return the amount in words."""
        return money(self.micros, self.currency, tag)


@dataclass(frozen=True, slots=True)
class Minutes:
    """A time in whole minutes, or that long ago; words in the language of its sentence."""

    count: int
    ago: bool = False

    def spoken(self, tag: str | None) -> str:
        """Return the time in words."""
        return minutes(self.count, tag, ago=self.ago)


def money(micros: int, currency: str, tag: str | None) -> str:
    """Return an amount in words: `money(12_500_000, "USD", "en")` is "twelve dollars, fifty cents".

    A part of the smallest coin is dropped, towards less money, so a balance is never promised too high. In a
    language CLDR lacks it is digits and the currency's code.
    """
    code = base(tag)
    decimals = _DECIMALS.get(currency, 2)
    amount = (Decimal(micros) / MICROS).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)
    # num2words counts every coin as a hundredth: a thousandth is spoken as a number.
    words = _in_words(amount, currency, code) if decimals <= 2 else None
    if words is not None:
        return words
    known = cldr(code)
    name = _currency_forms(known, currency, code)
    if known is None or name is None:
        return f"{_digits(amount, known)} {currency}"
    coins = language(code).coins.get(currency) if code in languages() else None
    if coins is None or decimals != 2 or amount == amount.to_integral_value() or amount < 0:
        return _counted(amount, name, known, code)
    whole, hundredths = int(amount), int(amount % 1 * 100)
    spoken_coins = _counted(Decimal(hundredths), coins, known, code)
    if whole == 0:
        return spoken_coins
    return _counted(Decimal(whole), name, known, code) + language(code).joiner + spoken_coins


def number(value: int | Decimal, tag: str | None) -> str:
    """Return a number in words where the language's words need no gender, else in digits.

    `number(21, "de")` is "einundzwanzig", `number(21, "ru")` is "21", which a Russian voice inflects.
    """
    code = base(tag)
    value = Decimal(value)
    words = _number_words(value, code) if code in languages() and language(code).uses_words else None
    return _digits(value, cldr(code)) if words is None else words


def minutes(count: int, tag: str | None, *, ago: bool = False) -> str:
    """Return "five minutes", or "five minutes ago", in a language."""
    known = cldr(base(tag)) or cldr("en")
    if known is None:
        raise KeyError("speech/cldr/en.json")
    spoken_in = tag if cldr(base(tag)) else "en"
    forms = known.ago if ago else known.minutes
    spoken = _count(Decimal(count), base(spoken_in), known)
    return known.form(forms, known.category(count)).format(spoken)


def spelled(characters: str) -> str:
    """Return digits or letters one by one, with pauses: "1001" is "1, 0, 0, 1"."""
    return ", ".join(characters.replace(" ", ""))


def _in_words(amount: Decimal, currency: str, code: str) -> str | None:
    """Return what num2words says, None where it has no words or wrong ones."""
    if code not in _MONEY_IN_WORDS:
        return None
    allowed = _MONEY_IN_WORDS[code]
    if allowed is not None and currency not in allowed:
        return None
    from num2words import num2words

    units = (currency, "USD") if currency in _DOLLARS else (currency,)
    for unit in units:
        try:
            words: str = num2words(
                _with_cents(amount),
                lang=_NUM2WORDS.get(code, code),
                to="currency",
                currency=unit,
                separator=" |",
            )
        except (NotImplementedError, ValueError):
            continue
        whole, _, coins = (part.strip() for part in words.partition("|"))
        return _join(amount, whole, coins, code)
    return None


def _with_cents(amount: Decimal) -> Decimal:
    """Return the amount with two decimals: num2words takes a number without any for cents."""
    return amount.quantize(Decimal("0.01"))


def _join(amount: Decimal, whole: str, coins: str, code: str) -> str:
    """Leave out "zero cents" and "zero dollars", and join what is left as the language does."""
    if amount == amount.to_integral_value() or not coins:
        return whole
    if abs(amount) < 1:
        return f"{_minus(code)} {coins}" if amount < 0 else coins
    return whole + (language(code).joiner if code in languages() else " ") + coins


def _currency_forms(known: Cldr | None, currency: str, code: str) -> str | list[str] | None:
    if known is None:
        return None
    if code in languages() and currency in (own := language(code).currencies):
        forms: str | list[str] = own[currency]
        return forms
    return known.currencies.get(currency)


def _counted(amount: Decimal, forms: str | list[str], known: Cldr, code: str) -> str:
    """Return an amount with the name of what it counts."""
    is_whole = amount == amount.to_integral_value()
    category = known.category(int(abs(amount)), is_whole=is_whole)
    name = known.form(forms, category)
    first = known.form(forms, known.category(1)).split(" ", 1)[0]
    is_feminine = code in _FEMININE and first.endswith(_FEMININE[code])
    spoken = _digits(amount, known) if is_feminine else _count(amount, code, known)
    return known.form(known.amount, category).format(spoken, name)


def _count(value: Decimal, code: str, known: Cldr) -> str:
    """Return a number that stands before a noun: "21" where "one" follows the noun's gender."""
    ones = {"de": 100}.get(code, 10)
    # Portuguese has "um" for both, so only what is feminine is left to the voice.
    follows_gender = code == "de" or (code in _FEMININE and code != "pt")
    if follows_gender and int(value) % ones == 1 and int(value) % 100 != 11:
        return _digits(value, known)
    return number(value, code)


def _number_words(value: Decimal, code: str) -> str | None:
    from num2words import num2words

    try:
        words: str = num2words(abs(value.normalize() + 0), lang=_NUM2WORDS.get(code, code))
    except (NotImplementedError, ValueError, TypeError, IndexError, KeyError, OverflowError):
        return None
    # num2words leaves out the sign of what is above minus one.
    return f"{_minus(code)} {words}" if value < 0 else words


def _minus(code: str) -> str:
    from num2words import num2words

    return str(num2words(-1, lang=_NUM2WORDS.get(code, code)).split()[0])


def _digits(value: Decimal, known: Cldr | None) -> str:
    """Return a number in digits as the language writes them, without thousands' marks."""
    text = f"{value:f}"
    if value == value.to_integral_value():
        text = text.partition(".")[0]
    return text.replace(".", known.decimal if known else ".")
