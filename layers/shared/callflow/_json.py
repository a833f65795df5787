"""JSON as KAZOO's parser reads it, to any depth."""

from __future__ import annotations

import json
import re
from typing import Any

from ._check import Path, Run
from ._errors import NotJsonError, show

_SURROGATE = re.compile("[\ud800-\udfff]")


def check_values(document: Any, run: Run) -> None:
    """Add a problem for every value JSON cannot carry: NaN, lone surrogates, keys that are not strings..."""
    waiting: list[tuple[Any, Path]] = [(document, None)]
    while waiting:
        value, path = waiting.pop()
        kind = value.__class__
        if kind is str:
            if not value.isascii() and _SURROGATE.search(value):
                run.add(path, "json", "contains half a surrogate pair, which UTF-8 cannot carry.")
        elif kind is dict:
            for key, one in value.items():
                if key.__class__ is str and (key.isascii() or not _SURROGATE.search(key)):
                    waiting.append((one, (path, key)))
                else:
                    run.add(path, "json", f"has the key {show(key)}, which JSON cannot carry.")
        elif kind is list:
            waiting.extend((one, (path, index)) for index, one in enumerate(value))
        elif kind is float:
            if value != value or value in (float("inf"), float("-inf")):
                run.add(path, "json", f"is {value}, which JSON cannot carry.")
        elif kind not in _CARRIED and not isinstance(value, str | int | float | dict | list):
            run.add(path, "json", f"is {show(value)}, which JSON cannot carry.")


_CARRIED = frozenset({int, bool, type(None)})


def dumps(value: Any) -> bytes:
    """Return the exact bytes for KAZOO: compact UTF-8, no BOM, no NaN; NotJsonError says what cannot be
    written.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotJsonError("a string contains half a surrogate pair, which UTF-8 cannot carry") from error
    except (TypeError, ValueError) as error:
        raise NotJsonError(f"a value cannot be written as JSON: {error}") from error
