"""Write layers/application/pivot_app/speech/cldr/*.json from CLDR, as Babel brings it: `make speech-data`.

A call needs a small part of CLDR: the plural rule of whole numbers, names of currencies, "5 minutes" and "5
minutes ago". Babel itself has 30 MB and stays on the developer's machine.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

TARGET = Path(__file__).parents[1] / "layers/application/pivot_app/speech/cldr"
LANGUAGES = (
    *(
        "af",
        "am",
        "ar",
        "az",
        "be",
        "bg",
        "bn",
        "bs",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "eu",
    ),
    *(
        "fa",
        "fi",
        "fil",
        "fr",
        "ga",
        "gl",
        "gu",
        "he",
        "hi",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ja",
        "ka",
        "kk",
    ),
    *(
        "km",
        "kn",
        "ko",
        "lo",
        "lt",
        "lv",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "my",
        "nb",
        "ne",
        "nl",
        "pa",
        "pl",
        "pt",
    ),
    *(
        "ro",
        "ru",
        "si",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "tr",
        "uk",
        "ur",
        "uz",
        "vi",
        "zh",
    ),
    "zu",
)
# Codes of ISO 4217 that no territory uses as its tender.
FUNDS = {
    "BOV",
    "CHE",
    "CHW",
    "CLF",
    "COU",
    "CUP",
    "MXV",
    "USN",
    "UYI",
    "UYW",
    "XAF",
    "XCD",
    "XDR",
    "XOF",
    "XPF",
}
CATEGORIES = ("zero", "one", "two", "few", "many", "other")


def currencies() -> list[str]:
    """Return the codes in use today."""
    today = {
        code
        for used in get_global("territory_currencies").values()
        for code, _, until, is_tender in used
        if until is None and is_tender
    }
    return sorted(today | FUNDS)


def whole_numbers(locale: Locale) -> tuple[str, bool]:
    """Return the categories of 0 to 199, a digit each, and whether multiples of a million have their own.

    Every rule of CLDR for whole numbers looks at the number, its last two digits, or whether it is millions.
    """
    rule = locale.plural_form
    table = "".join(str(CATEGORIES.index(rule(n))) for n in range(200))
    millions = rule(1_000_000) == "many" and table[100] != str(CATEGORIES.index("many"))
    for n in (*range(200, 3000), 10_001, 12_345, 100_002, 1_000_000, 1_000_001, 2_000_000, 5_000_011):
        found = CATEGORIES[int(table[100 + n % 100])]
        if millions and n % 1_000_000 == 0:
            found = "many"
        # Welsh, Breton and the like have words of their own for some numbers; the rest falls to "other".
        if found != rule(n):
            print(f"{locale}: {n} is {rule(n)}, stored as {found}")
            break
    return table, millions


def forms(names: dict[str, str], otherwise: str, used: list[str]) -> str | list[str]:
    """Return a form for each category in use, or one text where they are all the same."""
    found = [names.get(each) or names.get("other") or otherwise for each in used]
    # A voice would read what stands in brackets too: "pound sterling (UK)".
    found = [re.sub(r"\s*[(（][^)）]*[)）]", "", each).strip() for each in found]
    return found[0] if len(set(found)) == 1 else found


def language(code: str) -> dict[str, Any]:
    """Return what is kept of one language."""
    locale = Locale.parse(code)
    data = locale._data  # noqa: SLF001 - Babel has no public way to names per category
    table, millions = whole_numbers(locale)
    fractions = [locale.plural_form(Decimal(each)) for each in ("0.5", "1.5", "2.5")]
    used = sorted({*map(int, table), *map(CATEGORIES.index, fractions), *([4] if millions else [])})
    names = [CATEGORIES[each] for each in used]
    lengths = data["unit_patterns"]["duration-minute"]
    minutes = next(lengths[each] for each in ("long", "short", "narrow") if "other" in lengths.get(each, {}))
    ago = data["date_fields"]["minute"]["past"]
    symbols = data["number_symbols"]
    return {
        "categories": names,
        "whole": "".join(str(used.index(int(each))) for each in table),
        "millions": millions,
        "fractions": [names.index(each) for each in fractions],
        "decimal": symbols.get("latn", symbols)["decimal"],
        "minutes": forms(dict(minutes), "{0}", names),
        "ago": forms(dict(ago), "{0}", names),
        "amount": forms(dict(data["currency_unit_patterns"]), "{0} {1}", names),
        "months": (
            sorted({name.lower() for name in locale.months["format"]["wide"].values()})
            if "d." in locale.date_formats["long"].pattern
            else []
        ),
        "currencies": {
            currency: forms(
                dict(data["currency_names_plural"].get(currency) or {}),
                data["currency_names"][currency],
                names,
            )
            for currency in currencies()
            if currency in data["currency_names"]
        },
    }


def main() -> None:
    """Write every file."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for code in LANGUAGES:
        text = json.dumps(language(code), ensure_ascii=False, separators=(",", ":"))
        (TARGET / f"{code}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
