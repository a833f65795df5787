"""The named forms of fields: their short spellings, their checks, and the words when they fail."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from pivot_app.conditions import NUMBER_TYPES
from pivot_app.documents import FALLBACK_LANGUAGE, PLACE, TTS_CHARACTERS, parse_amount
from pivot_app.schedules import parse_days, parse_span
from pivotctl.data._placeholders import check_places
from pivotctl.data._short import as_action, as_condition, as_keys, as_sentence

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
_LONGEST_MEDIA = 2048


def digits_as_text(value: Any) -> Any:
    """Accept an unquoted number as a text: YAML kept all its digits."""
    return str(value) if type(value) is int else value


def one_as_list(value: Any) -> Any:
    """Accept one value where a list is meant."""
    return [value] if isinstance(value, dict | str) or type(value) is int else value


def check_language(language: str) -> str:
    """Return `language` if it is a tag as KAZOO sends them: `en`, `en-us`, `es-419`, `cmn-hans-cn`."""
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(
            f"{language!r} is not a language code; write it like en, en-us or cmn-hans-cn, in lower case"
        )
    return language


def check_time_zone(name: str) -> str:
    """Return `name` if the time zone database has it."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; use a name like America/New_York") from None
    return name


def check_country(country: str) -> str:
    """Return `country` if it is written as ISO 3166 does."""
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise ValueError(f"{country!r} is not a country; use its two capital letters, like US")
    return country


def _check_texts(texts: dict[str, str]) -> dict[str, str]:
    if not texts:
        raise ValueError("give the text in at least one language")
    for language, text in texts.items():
        check_language(language)
        if not text.strip():
            raise ValueError(f"the text in {language} is empty; tts needs at least one character")
        if len(text) > TTS_CHARACTERS:
            raise ValueError(
                f"the text in {language} has {len(text)} characters; tts speaks at most {TTS_CHARACTERS}"
            )
        check_places(text)
    return texts


def _check_media(media: dict[str, str]) -> dict[str, str]:
    if not media:
        raise ValueError("give the media in at least one language")
    for language, identifier in media.items():
        check_language(language)
        if not 1 <= len(identifier) <= _LONGEST_MEDIA:
            raise ValueError(
                f"the media in {language} needs a media id or a URL of at most {_LONGEST_MEDIA} characters"
            )
        if PLACE.search(identifier):
            raise ValueError("the address of a recording cannot contain values; use `when` to choose one")
    return media


def _check_money(amount: str) -> str:
    parse_amount(amount)
    return amount


def _check_day(day: str) -> str:
    try:
        # A leap year, so that 02-29 is a day of some years.
        date.fromisoformat(day if len(day) > len("12-24") else f"2024-{day}")
    except ValueError:
        raise ValueError(f"{day!r} is not a day; write it like 2026-12-24, or 12-24 for every year") from None
    return day


def _check_moment(moment: str) -> str:
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        raise ValueError(f"{moment!r} is not a moment; write it like 2026-11-29T18:00, in quotes") from None
    return moment


def _as_spans(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _check_spans(spans: list[str]) -> list[str]:
    for span in spans:
        parse_span(span)
    return spans


def _as_weekly(value: Any) -> Any:
    """Expand `mon-fri: 09:00-17:00` to one entry for each day."""
    if not isinstance(value, dict):
        return value
    weekly: dict[str, Any] = {}
    for days, spans in value.items():
        for day in parse_days(str(days)):
            if day in weekly:
                raise ValueError(f"{day} is given twice; name every day once")
            weekly[day] = spans
    return weekly


def _check_weekly(weekly: dict[str, list[str]]) -> dict[str, list[str]]:
    for day, spans in weekly.items():
        ordered = sorted(parse_span(span) for span in spans)
        for (_, end), (begin, _) in itertools.pairwise(ordered):
            if begin < end:
                raise ValueError(f"the spans of {day} overlap; join them")
    return weekly


def _as_set(value: Any) -> Any:
    """Accept one value where a list is asked for, and numbers that are not in quotes."""
    values = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict) for each in values):
        return value
    return [str(each) if type(each) is int else each for each in values]


def _each(check: Callable[[str], Any]) -> Callable[[frozenset[str]], frozenset[str]]:
    def run(values: frozenset[str]) -> frozenset[str]:
        for value in sorted(values):
            check(value)
        return values

    return run


def _check_number(number: str) -> None:
    if not re.fullmatch(r"\+?[0-9*#]{1,18}|[A-Za-z][A-Za-z ]*", number):
        raise ValueError(
            f"{number!r} is not a phone number; write it in E.164, like '+14155550100', or an extension"
        )


def _check_prefix(prefix: str) -> None:
    if not re.fullmatch(r"\+?[0-9]{1,15}", prefix):
        raise ValueError(f"{prefix!r} is not a prefix of a phone number; write it like '+1415'")


def _check_type(name: str) -> None:
    if name not in NUMBER_TYPES:
        raise ValueError(f"{name!r} is not a type of number; there are {', '.join(NUMBER_TYPES)}")


def _check_kazoo_id(name: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{32}", name):
        raise ValueError(f"{name[:60]!r} has the wrong form; write the 32 hexadecimal digits of a KAZOO id")


def _check_prefix_list(prefixes: list[str]) -> list[str]:
    for prefix in prefixes:
        _check_prefix(prefix)
    return prefixes


def _check_weekdays(days: str) -> str:
    parse_days(days)
    return days


def _check_nth(nth: int) -> int:
    if nth not in (1, 2, 3, 4, 5, -1, -2, -3, -4, -5):
        raise ValueError(f"{nth} is not a position in a month; use 1 to 5, or -1 for the last")
    return nth


def _check_frequencies(frequencies: list[int]) -> list[int]:
    for frequency in frequencies:
        if not 20 <= frequency <= 4_000:
            raise ValueError(f"{frequency} Hz cannot be heard on a telephone; use 20 to 4000")
    return frequencies


def _check_recording(value: Any) -> Any:
    if value in ("pause", "resume"):
        raise ValueError("KAZOO's record_call cannot pause; stop the recording, and start a new one to go on")
    return value


def _check_tables(tables: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    for name, table in tables.items():
        if not 1 <= len(table) <= 10_000:
            raise ValueError(f"table {name} has {len(table)} entries; 1 to 10,000 are possible")
    return tables


def _as_tables(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: {key: digits_as_text(each) for key, each in table.items()} if isinstance(table, dict) else table
        for name, table in value.items()
    }


def _as_module(value: Any) -> Any:
    if isinstance(value, str):
        import kazoo_callflow as cf

        try:
            cf.node(value, {"skip_module": True})
        except cf.BuildError as error:
            if any(problem.rule == "module" for problem in error.problems):
                raise ValueError(f"KAZOO has no module {value!r}: {error.problems[0].message}") from None
    return value


def _as_numbers(value: Any) -> Any:
    """Accept a number, or a list of numbers, that nothing else is known about."""
    if isinstance(value, str | int):
        value = [value]
    if not isinstance(value, list):
        return value
    if len(set(map(str, value))) != len(value):
        raise ValueError("a number is listed twice")
    return {str(number): {} for number in value}


def _check_e164(number: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise ValueError(f"{number!r} is not in E.164; write it like +14155550100")
    return number


def _check_pin(pin: str) -> str:
    # No message contains the PIN.
    if not re.fullmatch(r"[0-9]{4,12}", pin):
        raise ValueError("a PIN has 4 to 12 digits; write it in quotes")
    return pin


def _text_or_texts() -> list[Any]:
    return [
        BeforeValidator(lambda value: {FALLBACK_LANGUAGE: value} if isinstance(value, str) else value),
        AfterValidator(_check_texts),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string"},
                    {"type": "object", "additionalProperties": {"type": "string"}},
                ],
                "description": "A text per language, or a bare text for English.",
            }
        ),
    ]


def _media() -> list[Any]:
    return [
        BeforeValidator(lambda value: {FALLBACK_LANGUAGE: value} if isinstance(value, str) else value),
        AfterValidator(_check_media),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string"},
                    {"type": "object", "additionalProperties": {"type": "string"}},
                ],
                "description": "A media id or URL per language, or a bare one for English.",
            }
        ),
    ]


_PARTS: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {"type": "object"},
        {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
    ],
    "description": "A text per language, {media: ...} for a recording, or a list of such parts.",
}


def _after(check: Callable[[Any], Any]) -> Callable[[], list[Any]]:
    return lambda: [AfterValidator(check)]


def _set_of(check: Callable[[str], Any]) -> Callable[[], list[Any]]:
    return lambda: [BeforeValidator(_as_set), AfterValidator(_each(check))]


FORMS: dict[str, Callable[[], list[Any]]] = {
    "action": lambda: [BeforeValidator(as_action)],
    "rule_action": list,
    "condition": lambda: [BeforeValidator(as_condition)],
    "sentence": lambda: [
        BeforeValidator(as_sentence),
        Field(min_length=1, max_length=20),
        WithJsonSchema(_PARTS),
    ],
    "texts": _text_or_texts,
    "media": _media,
    "keys": lambda: [BeforeValidator(as_keys)],
    "key": list,
    "language": _after(check_language),
    "time_zone": _after(check_time_zone),
    "country": _after(check_country),
    "money": _after(_check_money),
    "day": _after(_check_day),
    "moment": _after(_check_moment),
    "spans": lambda: [BeforeValidator(_as_spans), AfterValidator(_check_spans)],
    "weekly": lambda: [BeforeValidator(_as_weekly), AfterValidator(_check_weekly)],
    "weekdays": _after(_check_weekdays),
    "nth": _after(_check_nth),
    "one_of": _set_of(lambda value: value),
    "numbers": _set_of(_check_number),
    "prefixes": _set_of(_check_prefix),
    "countries": _set_of(check_country),
    "number_types": _set_of(_check_type),
    "kazoo_ids": _set_of(_check_kazoo_id),
    "prefix_list": lambda: [BeforeValidator(_as_set), AfterValidator(_check_prefix_list)],
    "caller_numbers": lambda: [BeforeValidator(_as_numbers)],
    "e164": _after(_check_e164),
    "pin": _after(_check_pin),
    "frequencies": _after(_check_frequencies),
    "recording": lambda: [BeforeValidator(_check_recording)],
    "tables": lambda: [BeforeValidator(_as_tables), AfterValidator(_check_tables)],
    "module_name": lambda: [BeforeValidator(_as_module)],
}
