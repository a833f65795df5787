"""The data of each language: our sentences (`texts/`), and CLDR's data (`cldr/`). Read on first use.

A language has a file in `texts/` where we speak it, and a file in `cldr/` where money and times can be
written in it. To add a language, add `texts/xx.json`; docs/speech.md says what it holds, and the tests check
it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from pivot_app.lazy_dataclass import dataclass

DEFAULT_LANGUAGE = "en"

_FOLDER = Path(__file__).parent
# Names that networks, speech engines and old systems use for a language with built-in sentences.
_ALIASES = {
    "cmn": "zh",
    "yue": "zh",
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
    "tl": "fil",
    "mo": "ro",
    "sh": "sr",
}
_SUBTAG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of our sentences: its text with `{places}`, and a recording to play instead where there is one."""

    text: str
    media: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """A language we speak.

    tag: what `tts` is told when the caller's own tag names no region. joiner: stands between money and coins.
    uses_words: numbers are written in words; a language whose numerals follow the noun's gender or case
    leaves digits to its voice. currencies, coins: short names people say, by plural category, over those of
    CLDR.
    """

    code: str
    tag: str
    joiner: str
    uses_words: bool
    sentences: Mapping[str, Sentence]
    currencies: Mapping[str, Any] = field(default_factory=dict)
    coins: Mapping[str, Any] = field(default_factory=dict)


def base(tag: str | None) -> str:
    """Return the language of a tag in any spelling: `pt_BR`, `PT-br` and `pt` are `pt`, `cmn-hans-cn` is
    `zh`.
    """
    first = (tag or "").replace("_", "-").split("-", 1)[0].strip().lower()
    first = _ALIASES.get(first, first)
    return first if 2 <= len(first) <= 3 and set(first) <= _SUBTAG else ""


@cache
def languages() -> frozenset[str]:
    """Return the languages that have sentences."""
    return frozenset(path.stem for path in (_FOLDER / "texts").glob("*.json"))


@cache
def cldr_languages() -> frozenset[str]:
    """Return the languages that amounts of money and times can be written in."""
    return frozenset(path.stem for path in (_FOLDER / "cldr").glob("*.json"))


@cache
def language(code: str) -> Language:
    """Return a language we speak; KeyError for any other."""
    if code not in languages():
        raise KeyError(code)
    document = json.loads((_FOLDER / "texts" / f"{code}.json").read_text(encoding="utf-8"))
    return Language(
        code=code,
        tag=document["tag"],
        joiner=document.get("and", " "),
        uses_words=document.get("numbers") == "words",
        sentences={
            key: Sentence(**value) if isinstance(value, dict) else Sentence(value)
            for key, value in document["sentences"].items()
        },
        currencies=_by_code(document.get("currencies", {})),
        coins=_by_code(document.get("coins", {})),
    )


def _by_code(names: Mapping[str, Any]) -> dict[str, Any]:
    """Return names by currency; a file may give several currencies one name, as `USD EUR`."""
    return {code: value for codes, value in names.items() for code in codes.split()}


@dataclass(frozen=True, slots=True)
class Cldr:
    """CLDR's data of one language. `forms` are one text, or one for each of `categories`.

    months: lower case, where a day is written with a full stop before them.
    """

    categories: tuple[str, ...]
    whole: str
    millions: bool
    fractions: tuple[int, ...]
    decimal: str
    minutes: str | list[str]
    ago: str | list[str]
    amount: str | list[str]
    months: tuple[str, ...]
    currencies: Mapping[str, str | list[str]]

    def category(self, number: int, *, is_whole: bool = True) -> int:
        """Return which plural category a number belongs to; `number` is its whole part."""
        number = abs(number)
        if not is_whole:
            return self.fractions[min(number, 2)]
        if self.millions and number and number % 1_000_000 == 0:
            return self.categories.index("many")
        return int(self.whole[number if number < 200 else 100 + number % 100])

    def form(self, forms: str | list[str], category: int) -> str:
        """Return the form of a category."""
        return forms if isinstance(forms, str) else forms[min(category, len(forms) - 1)]


@cache
def cldr(code: str) -> Cldr | None:
    """Return CLDR's data of a language, None where we keep nothing of it."""
    if code not in cldr_languages():
        return None
    document = json.loads((_FOLDER / "cldr" / f"{code}.json").read_text(encoding="utf-8"))
    document["categories"] = tuple(document["categories"])
    document["fractions"] = tuple(document["fractions"])
    document["months"] = tuple(document["months"])
    return Cldr(**document)
