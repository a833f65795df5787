"""Stored pages as calls read them: plain objects with the fields of the document models.

What is stored was checked when it was pushed, and holds every field. So a call needs no models to read it,
and no first caller waits for the import of pydantic.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

# Fields that hold names and values of the document's author, not fields of a model.
_MAPPINGS = frozenset(
    {"prompt", "media", "greeting", "say", "text", "goodbye", "query", "values", "weekly", "special"}
)
_MAPPINGS_OF_MODELS = frozenset({"keys", "schedules"})

# Thousands of rules repeat these few values: one object each makes walking through them twice as fast.
_WORDS = frozenset({"do", "test", "days", "time_zone"})
_FEW = 4


def plain(page: bytes) -> Any:
    """Read one stored page."""
    return _object(json.loads(page))


def _object(fields: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{name: _field(name, value) for name, value in fields.items()})


def _field(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        if name in _MAPPINGS:
            return value
        if name in _MAPPINGS_OF_MODELS:
            return {key: _object(inner) for key, inner in value.items()}
        return _object(value)
    if isinstance(value, str):
        return sys.intern(value) if name in _WORDS else value
    if isinstance(value, list):
        if name == "one_of":
            return frozenset(value) if len(value) > _FEW else tuple(value)
        return [_object(inner) if isinstance(inner, dict) else inner for inner in value]
    return value
