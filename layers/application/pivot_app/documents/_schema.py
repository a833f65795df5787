"""The schema of documents: plain frozen dataclasses, and how a stored page becomes one.

A document's type is written once, as a dataclass whose fields are annotated. Calls decode stored pages with
`decode`. The developer's side derives validation and JSON Schema from the same annotations, so what is stored
was checked when it was pushed. Nothing here needs a library.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pivot_app.lazy_dataclass import dataclass

T = TypeVar("T")
Decoder = Callable[[Any], Any]


class Record:
    """The base of every part of a document. Fields whose Python name ends in `_` are written without it."""


# What annotations say beyond the type. The developer's side reads all of it; calls only what decodes.


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text of this form. `says` describes the form to the author."""

    regex: str
    says: str


@dataclass(frozen=True, slots=True)
class Between:
    """A number within bounds, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Length:
    """A text, list or mapping with at least and at most this many characters or entries."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Form:
    """A named form: the developer's side knows its short spellings and its checks by this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Fillable:
    """The text can contain a placeholder such as `{call.digits}`; the filled text must match `regex`."""

    regex: str = ""
    says: str = "a text"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A union whose members are told apart by a field."""

    field: str


@dataclass(frozen=True, slots=True)
class Reads:
    """How a stored value is decoded where its type alone does not say it."""

    decoder: Decoder


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that a push fills in; authors do not write it."""


def document_name(field: str) -> str:
    """Return the name a field has in documents: `is` for `is_`."""
    return field.removesuffix("_")


def decode(record: type[T], value: Mapping[str, Any]) -> T:
    """Return `value`, the JSON of a page that was checked when it was pushed, as a `record`.

    Fields the record does not know are left out, so that a rolled-back deployment reads newer pages.
    ValueError names a field that is missing.
    """
    kind: Any = record
    decoded: T = _record_decoder(kind)(value)
    return decoded


_FEW = 4
_set = object.__setattr__


class _RecordDecoder:
    """Decodes one dataclass; the annotations are read when the first value comes."""

    __slots__ = ("_defaults", "_fields", "_record")

    def __init__(self, record: type[Any]) -> None:
        self._record = record
        self._fields: dict[str, tuple[str, Decoder | None]] | None = None
        self._defaults: dict[str, Any] = {}

    def __call__(self, value: Any) -> Any:
        fields = self._fields or self._compile()
        made = object.__new__(self._record)
        values = self._defaults.copy()
        for name, raw in value.items():
            field = fields.get(name)
            if field is not None:
                values[field[0]] = raw if field[1] is None or raw is None else field[1](raw)
        if len(values) < len(fields):
            missing = next(name for name, field in fields.items() if field[0] not in values)
            raise ValueError(f"a stored {self._record.__name__} has no {missing!r}; push the document again")
        # Frozen dataclasses set their fields one by one through object.__setattr__: this is several times
        # faster, and a page may hold thousands of rules.
        _set(made, "__dict__", values)
        return made

    def _compile(self) -> dict[str, tuple[str, Decoder | None]]:
        hints = get_type_hints(self._record, include_extras=True)
        compiled = {}
        for field in dataclasses.fields(self._record):
            compiled[document_name(field.name)] = (field.name, _decoder(hints[field.name]))
            if field.default is not MISSING:
                self._defaults[field.name] = field.default
            elif field.default_factory is not MISSING:
                # Shared by all records: what documents hold is never changed.
                self._defaults[field.name] = field.default_factory()
        self._fields = compiled
        return compiled


@cache
def _record_decoder(record: Any) -> _RecordDecoder:
    return _RecordDecoder(record)


def _decoder(hint: Any) -> Decoder | None:
    """Return what turns stored JSON into a value of this type; None where the JSON is the value."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:])
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _record_decoder(hint)
    if origin in (Union, types.UnionType):
        return _union([each for each in arguments if each is not type(None)])
    if origin is Literal:
        # Thousands of rules repeat these words: one object for each word makes walking through them faster.
        words = {word: word for word in arguments}
        return lambda raw: words.get(raw, raw)
    if origin is tuple:
        return _sequence(tuple, _decoder(arguments[0]))
    if origin is frozenset:
        return _values
    if origin in (dict, Mapping) and (inner := _decoder(arguments[1])) is not None:
        return lambda raw: {key: inner(each) for key, each in raw.items()}
    return None


def _annotated(hint: Any, extras: tuple[Any, ...]) -> Decoder | None:
    for extra in extras:
        if isinstance(extra, Reads):
            return extra.decoder
        if isinstance(extra, Tagged):
            return _tagged(get_args(hint), extra.field)
    return _decoder(hint)


def _sequence(kind: Callable[[Any], Any], inner: Decoder | None) -> Decoder:
    return kind if inner is None else lambda raw: kind(map(inner, raw))


def _values(raw: Any) -> Any:
    return frozenset(raw) if len(raw) > _FEW else tuple(raw)


def _union(members: list[Any]) -> Decoder | None:
    """Return a record where the JSON is an object, else the value as it is."""
    decoders = [decoder for each in members if (decoder := _decoder(each)) is not None]
    if len(members) == 1:
        return decoders[0] if decoders else None
    records = [each for each in decoders if isinstance(each, _RecordDecoder)]
    if not records:
        return None
    record = records[0]
    return lambda raw: record(raw) if isinstance(raw, dict) else raw


def _tagged(members: tuple[Any, ...], field: str) -> Decoder:
    by_tag = {tag: _record_decoder(each) for each in members for tag in tags_of(each, field)}

    def read(raw: Any) -> Any:
        decoder = by_tag.get(raw[field])
        if decoder is None:
            raise ValueError(f"a stored page has {field} {raw[field]!r}, which this deployment does not know")
        return decoder(raw)

    return read


def tags_of(record: type[Any], field: str) -> tuple[str, ...]:
    """Return the values of a union's field that mean this member."""
    hint = record.__annotations__[field]
    if isinstance(hint, str):
        # `from __future__ import annotations` keeps them as text: Literal["a", "b"].
        return tuple(part.strip().strip("\"'") for part in hint.partition("[")[2].rstrip("]").split(","))
    return tuple(get_args(hint))
