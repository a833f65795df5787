"""Numbers in answers of other systems: exact, or refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.http_source import HttpSourceError, at, decimal_of, read_json


@pytest.mark.parametrize(
    "body",
    [
        b'"1e999999"',
        b"1e999999",
        b"1e-999999",
        b"1e99999999999999999999",
        b'"1e-99999999999999999999"',
        b"9" * 4000,
        b"9" * 6000,
        b'"' + b"9" * 6000 + b'"',
        b"0." + b"0" * 6000 + b"1",
        b"NaN",
        b'"NaN"',
        b"-Infinity",
        b'"sNaN123"',
        b'"1_000"',
        b'" 1"',
        '"١٢"'.encode(),
        b'"0x10"',
        b'""',
        b"true",
        b"null",
        b"[1]",
    ],
)
def test_what_is_no_amount(body: bytes) -> None:
    """One error for all of it."""
    with pytest.raises(HttpSourceError):
        decimal_of(read_json(body))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**13), max_value=10**13))
def test_a_number_is_exact_in_json_and_in_text(number: Decimal) -> None:
    """No float in between."""
    assert decimal_of(read_json(str(number).encode())) == number
    assert decimal_of(read_json(f'"{number}"'.encode())) == number


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_one_error(body: bytes) -> None:
    """Never another exception."""
    try:
        document = read_json(body)
    except HttpSourceError:
        return
    at(document, "a.0.b")


@pytest.mark.parametrize(
    ("pointer", "value"),
    [("a.b.1", 7), ("a.b.9", None), ("a.b.-1", None), ("a.b.²", None), ("a.x", None), ("a.b.1.c", None)],
)
def test_a_dotted_path(pointer: str, value: Any) -> None:
    """Objects by name, lists by position."""
    assert at({"a": {"b": [5, 7]}}, pointer) == value
