"""Phone numbers as KAZOO sends them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.identity import country, e164


@pytest.mark.parametrize(
    ("number", "region", "expected"),
    [
        ("+14155550100", "US", "+14155550100"),
        ("4155550100", "US", "+14155550100"),
        ("(415) 555-0100", "US", "+14155550100"),
        ("011442071838750", "US", "+442071838750"),
        ("00442071838750", "DE", "+442071838750"),
        ("030 901820", "DE", "+4930901820"),
        ("+34910123456", None, "+34910123456"),
        ("anonymous", "US", None),
        ("unknown", "US", None),
        ("1001", "US", None),
        ("alice", "US", None),
        ("1800FLOWERS", "US", None),
        ("", "US", None),
        (None, "US", None),
        ("4155550100", None, None),
        ("+", "US", None),
        ("9" * 1000, "US", None),
        ("user@example.com", "US", None),
    ],
)
def test_caller_id_to_e164(number: str | None, region: str | None, expected: str | None) -> None:
    """National numbers are read by the account's region; what is not a number is nobody."""
    assert e164(number, region) == expected


@given(st.text(max_size=80), st.sampled_from([None, "US", "DE", "XX", ""]))
def test_any_text_is_a_number_or_nobody(text: str, region: str | None) -> None:
    """A stranger's Caller ID never raises, and a result reads back as itself."""
    number = e164(text, region)
    assert number is None or e164(number, None) == number


def test_country_of_a_number() -> None:
    """A number's country comes from its prefix; shared codes have none."""
    assert country("+14155550100") == "US"
    assert country("+16135550100") == "CA"
    assert country("+870773111632") is None
