"""JSON as KAZOO's parser reads it and as KAZOO must get it, to any depth.

Python's own parser and writer do the work. Where they stop (nesting beyond the recursion limit, integers of
thousands of digits) a plain loop takes over.
"""

from __future__ import annotations

import json
import math
import re
from json.encoder import encode_basestring
from typing import Any, NoReturn

from ._errors import NotJsonError, show
from ._paths import Path
from ._validator import ValidationRun

MOST_DIGITS = 20_000
"""No integer of a callflow is longer; turning text into an integer takes time in its square."""

MOST_CONTAINERS = 1_000_000
"""No callflow has more objects and lists; a Python value that contains itself has no end of them."""

_SURROGATE = re.compile("[\ud800-\udfff]").search
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]").search
_SPACE = re.compile(r"[ \t\n\r]*").match
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?").match
_WORDS = (("true", True), ("false", False), ("null", None))
# The typed stubs leave it out; it is what every JSON decoder of Python reads strings with.
_scan: Any = json.decoder.scanstring  # type: ignore[attr-defined]
_CARRIED = frozenset({int, bool, type(None)})


def loads(text: str | bytes | bytearray) -> Any:
    """Parse JSON as KAZOO does; of a repeated key the first one wins (KAZOO 4.3).

    An object with a repeated key becomes a `RepeatedKeys`, a dict that keeps the later copies for `validate`.
    Raises NotJsonError for what KAZOO's parser refuses: text that is not UTF-8, a byte order mark, NaN,
    numbers beyond a double's range, half a surrogate pair, text after the document.
    """
    if not isinstance(text, str):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotJsonError(f"not UTF-8: byte {error.start} is {error.object[error.start]:#04x}") from None
    if text.startswith("\ufeff"):
        raise NotJsonError("begins with a byte order mark, which KAZOO refuses; write plain UTF-8")
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        why = error.msg.removesuffix(" at")
        raise NotJsonError(f"not JSON: {why} at line {error.lineno}, column {error.colno}") from None
    except NotJsonError:
        raise
    except (RecursionError, ValueError):
        value = _decode_slowly(text)
    if _ESCAPED_SURROGATE(text):
        refuse_values(value)
    return value


def refuse_values(value: Any) -> None:
    """Raise NotJsonError if a value is, or contains, what JSON cannot carry."""
    run = ValidationRun()
    check_values(value, run)
    if run.problems:
        raise NotJsonError(str(run.problems[0]))


def check_values(document: Any, run: ValidationRun) -> None:
    """Add a problem for every value JSON cannot carry: NaN, lone surrogates, keys that are not strings..."""
    waiting: list[tuple[Any, Path]] = [(document, None)]
    containers = 0
    while waiting:
        value, path = waiting.pop()
        kind = value.__class__
        if kind is RepeatedKeys:
            waiting.extend((one, (path, key)) for key, one in value.later)
            kind = dict
        if kind is dict or kind is list:
            containers += 1
            if containers > MOST_CONTAINERS:
                run.add(
                    None, "json", f"has more than {MOST_CONTAINERS:,} objects and lists, or contains itself."
                )
                return
        if kind is str:
            if not value.isascii() and _SURROGATE(value):
                run.add(path, "json", "contains half a surrogate pair, which UTF-8 cannot carry.")
        elif kind is dict:
            for key, one in value.items():
                if key.__class__ is str and (key.isascii() or not _SURROGATE(key)):
                    if one.__class__ not in _CARRIED:
                        waiting.append((one, (path, key)))
                else:
                    run.add(path, "json", f"has the key {show(key)}, which JSON cannot carry.")
        elif kind is list:
            waiting.extend((one, (path, index)) for index, one in enumerate(value))
        elif kind is float:
            if not math.isfinite(value):
                run.add(path, "json", f"is {value}, which JSON cannot carry.")
        elif kind not in _CARRIED and not isinstance(value, str | int | float | dict | list):
            run.add(path, "json", f"is {show(value)}, which JSON cannot carry.")


def dumps(value: Any) -> bytes:
    """Return the exact bytes for KAZOO: compact UTF-8, no BOM, no NaN; NotJsonError says what cannot be
    written.
    """
    try:
        text = _encode(value)
    except RecursionError:
        refuse_values(value)
        text = "".join(_encode_slowly(value))
    except (TypeError, ValueError) as error:
        refuse_values(value)
        raise NotJsonError(f"cannot be written as JSON: {error}") from error
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        refuse_values(value)
        raise


_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


class RepeatedKeys(dict[str, Any]):
    """A JSON object with a duplicate key: the first value wins, the others are in `later`."""

    __slots__ = ("later",)

    def __init__(self, pairs: list[tuple[str, Any]] | None = None) -> None:
        super().__init__()
        self.later: list[tuple[str, Any]] = []
        for key, value in pairs or ():
            self.add(key, value)

    def add(self, key: str, value: Any) -> None:
        """Add a pair, as a later copy when the key is there already."""
        if key in self:
            self.later.append((key, value))
        else:
            self[key] = value


def _first_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else RepeatedKeys(pairs)


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise NotJsonError(f"not JSON for KAZOO: the number {text[:40]} is beyond a double's range")
    return value


def _constant(text: str) -> NoReturn:
    raise NotJsonError(f"not JSON: {text} is not a JSON value")


_decode = json.JSONDecoder(object_pairs_hook=_first_wins, parse_float=_float, parse_constant=_constant).decode


def _decode_slowly(text: str) -> Any:
    """Parse with a stack of our own: each open object or list, and the key it has in what it is in."""
    open_: list[tuple[Any, str]] = []
    place = _skip(text, 0)
    while True:
        key = ""
        if open_ and open_[-1][0].__class__ is RepeatedKeys:
            key, place = _key(text, place)
        start = text[place : place + 1]
        if start in {"{", "["}:
            value: Any = RepeatedKeys() if start == "{" else []
            place = _skip(text, place + 1)
            if text[place : place + 1] != ("}" if start == "{" else "]"):
                open_.append((value, key))
                continue
            place += 1
        else:
            value, place = _scalar(text, place)
        # The value is complete: hand it to what it is in, and close whatever ends here.
        while True:
            place = _skip(text, place)
            if not open_:
                if place != len(text):
                    _fail("text after the document", place)
                return value
            container, outer_key = open_[-1]
            if container.__class__ is RepeatedKeys:
                container.add(key, value)
            else:
                container.append(value)
            mark = text[place : place + 1]
            place += 1
            if mark == ",":
                place = _skip(text, place)
                break
            if mark != ("}" if container.__class__ is RepeatedKeys else "]"):
                _fail("a comma or a closing bracket is missing", place - 1)
            open_.pop()
            value, key = container, outer_key


def _key(text: str, place: int) -> tuple[str, int]:
    if text[place : place + 1] != '"':
        _fail("a key in double quotes is missing", place)
    key, place = _string(text, place)
    place = _skip(text, place)
    if text[place : place + 1] != ":":
        _fail("a colon is missing", place)
    return key, _skip(text, place + 1)


def _scalar(text: str, place: int) -> tuple[Any, int]:
    if text[place : place + 1] == '"':
        return _string(text, place)
    for word, value in _WORDS:
        if text.startswith(word, place):
            return value, place + len(word)
    found = _NUMBER(text, place)
    if found is None:
        _fail("a value is missing", place)
    whole, fraction, exponent = found.groups()
    if fraction or exponent:
        return _float(found.group()), found.end()
    return _integer(whole), found.end()


def _string(text: str, place: int) -> tuple[str, int]:
    try:
        found: tuple[str, int] = _scan(text, place + 1, True)
        return found
    except json.JSONDecodeError as error:
        _fail(error.msg, error.pos)


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise NotJsonError(f"a number of {len(text)} digits is longer than any callflow's")
    value, digits = 0, text.lstrip("-")
    for start in range(0, len(digits), 4000):
        chunk = digits[start : start + 4000]
        value = value * 10 ** len(chunk) + int(chunk)
    return -value if text.startswith("-") else value


def _skip(text: str, place: int) -> int:
    found = _SPACE(text, place)
    return place if found is None else found.end()


def _fail(message: str, place: int) -> NoReturn:
    raise NotJsonError(f"not JSON: {message} at character {place}")


def _encode_slowly(value: Any) -> list[str]:
    parts: list[str] = []
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if one.__class__ is _Raw:
            parts.append(one)
        elif isinstance(one, dict):
            waiting.append(_Raw("}"))
            for number, (key, inner) in enumerate(reversed(one.items())):
                last = number == len(one) - 1
                waiting += [inner, _Raw(("" if last else ",") + encode_basestring(key) + ":")]
            parts.append("{")
        elif isinstance(one, list):
            waiting.append(_Raw("]"))
            for number, inner in enumerate(reversed(one)):
                waiting += [inner] if number == len(one) - 1 else [inner, _Raw(",")]
            parts.append("[")
        else:
            parts.append(_encode(one))
    return parts


class _Raw(str):
    """Text that is written as it is."""

    __slots__ = ()
