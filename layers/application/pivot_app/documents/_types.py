"""The field types that documents of every kind share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pivot_app.documents._schema import Fillable, Form, Length, Pattern, Reads, Record, decode
from pivot_app.lazy_dataclass import dataclass

Name = Annotated[
    str,
    Pattern(
        r"[a-z][a-z0-9_]{0,39}",
        "a name of small letters, digits and underscores that begins with a letter",
    ),
]
"""The name of a menu, a schedule or a table."""

FieldName = Annotated[
    str, Pattern(r"[a-z][a-z0-9_]{0,31}", "a name of small letters, digits and underscores, 32 at most")
]
KAZOO_ID = r"[0-9a-f]{32}"
KazooId = Annotated[str, Pattern(KAZOO_ID, "the 32 hexadecimal digits of a KAZOO id")]
PHONE_NUMBER = r"\+?[0-9]{2,18}"
PhoneNumber = Annotated[str, Pattern(PHONE_NUMBER, "a phone number such as +14155550100")]
Day = Annotated[str, Form("day")]
"""A date, `2026-12-24`, or a day of every year, `12-24`."""

Moment = Annotated[str, Form("moment")]
"""A date with an optional time: `2026-11-29T18:00`."""

Money = Annotated[str, Form("money")]
Language = Annotated[str, Form("language")]
TimeZone = Annotated[str, Form("time_zone")]
Texts = Annotated[Mapping[str, str], Form("texts")]
"""A text per language: `{en: Hello, es: Hola}`, or a bare text for English."""

Media = Annotated[Mapping[str, str], Form("media")]
"""A media id or URL per language."""


@dataclass(frozen=True, kw_only=True)
class Part(Record):
    """A piece of a sentence: a text or a recording, in the caller's language or in a fixed one."""

    text: Texts | None = None
    media: Media | None = None
    language: Language | None = None


def _as_parts(raw: Any) -> tuple[Part, ...]:
    if isinstance(raw, list):
        return tuple(part for each in raw for part in _as_parts(each))
    if raw.keys() & {"text", "media"}:
        return (decode(Part, raw),)
    return (Part(text=raw),)


Sentence = Annotated[tuple[Part, ...], Form("sentence"), Reads(_as_parts)]
"""The spoken text: a text per language, a recording (`{media: ...}`), or a list of such parts."""


@dataclass(frozen=True, kw_only=True)
class FromTable(Record):
    """A value taken from a table of the document: `{from: extensions, by: "{call.digits}"}`."""

    from_: Name
    by: Annotated[str, Fillable(), Length(1, 200)]


Filled = Annotated[str, Fillable(), Length(0, 500)]
"""A text with placeholders."""

Id = Annotated[str | FromTable, Fillable(KAZOO_ID, "the 32 hexadecimal digits of a KAZOO id")]
"""A KAZOO id, written out, from placeholders, or from a table."""

Number = Annotated[str | FromTable, Fillable(PHONE_NUMBER, "a phone number such as +14155550100")]
"""A phone number, written out, from placeholders, or from a table."""
