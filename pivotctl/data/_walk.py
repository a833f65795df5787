"""Walks through the parts of a document."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from pivot_app.documents import Record, document_name

Place = tuple[str | int, ...]
"""Keys and indexes from the top of the document, as in `("menus", "main", "keys", "1")`."""


def walk_records(part: Any) -> Iterator[Record]:
    """Yield every record in a part of a document, itself included."""
    for _, value in walk_values(part):
        if isinstance(value, Record):
            yield value


def walk_values(part: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield (place, value) of everything in a part of a document, itself included."""
    yield place, part
    if isinstance(part, Record):
        for field in dataclasses.fields(part):  # type: ignore[arg-type]
            yield from walk_values(getattr(part, field.name), (*place, document_name(field.name)))
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from walk_values(value, (*place, key))
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from walk_values(value, (*place, index))
