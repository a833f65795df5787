"""JSON answers, with numbers that are exact or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from pivot_app.http_source._errors import HttpSourceError

# Twenty digits before and after the point: more than any amount of money or count has.
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")


def read_json(body: bytes) -> Any:
    """Return a JSON document; fractions are Decimal. Raise HttpSourceError where it is not JSON."""
    try:
        return json.loads(body, parse_float=_fraction, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError):
        raise HttpSourceError("it did not answer JSON") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _fraction(text: str) -> Decimal | str:
    # A text that no Decimal should be made of stays a text, and is judged where a number is wanted.
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def at(document: Any, pointer: str) -> Any:
    """Return the value at a dotted path of a JSON document, None when there is none."""
    for part in pointer.split("."):
        if isinstance(document, Mapping):
            document = document.get(part)
        elif isinstance(document, list) and part.isascii() and part.isdigit() and len(part) < 6:
            document = document[int(part)] if int(part) < len(document) else None
        else:
            return None
    return document


def decimal_of(value: Any) -> Decimal:
    """Return a number of a JSON answer, or of a text in it, exactly.

    Raises:
        HttpSourceError: It is not a number, not finite, or has more digits than any real amount.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise HttpSourceError(f"a number is expected, not a {type(value).__name__}")
    if isinstance(value, int) and abs(value) >= 10**20:
        raise HttpSourceError("a number is larger than any real one")
    text = str(value)
    if not _DECIMAL.fullmatch(text):
        raise HttpSourceError("a number is larger than any real one, or no number")
    number = Decimal(text)
    if number and not -20 <= number.adjusted() <= 20:
        raise HttpSourceError("a number is larger or smaller than any real one")
    return number
