"""Phone numbers as KAZOO sends them."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.identity import country, e164, subscriber


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


@pytest.mark.parametrize(
    ("sent", "region", "known"),
    [
        ("+5215512345678", "US", "+525512345678"),
        ("+52 1 55 1234 5678", "US", "+525512345678"),
        ("5215512345678", "MX", "+525512345678"),
        ("5512345678", "MX", "+525512345678"),
        ("+5491123456789", "US", "+541123456789"),
        ("+54 11 15 2345 6789", "AR", "+541123456789"),
        ("+5493511234567", "AR", "+543511234567"),
        ("+551187654321", "US", "+5511987654321"),
        ("+5511987654321", "US", "+5511987654321"),
        ("+551132654321", "BR", "+551132654321"),
        ("+5712345678", "CO", "+576012345678"),
        ("+22997123456", "BJ", "+2290197123456"),
        ("+22507020304", "US", "+2250707020304"),
        ("44 12 34 56", "CI", "+2250544123456"),
        ("+22541123456", "CI", "+2250141123456"),
        ("+22520212223", "CI", "+2252720212223"),
        ("+22520812223", "CI", "+2252120812223"),
        ("+22520012223", "CI", "+2252520012223"),
        ("+2250707020304", "CI", "+2250707020304"),
        ("+841201234567", "US", "+84701234567"),
        ("0169 123 4567", "VN", "+84391234567"),
        ("+84912345678", "VN", "+84912345678"),
        ("+447400123456", "GB", "+447400123456"),
    ],
)
def test_one_subscriber_in_each_form(sent: str, region: str, known: str) -> None:
    """What carriers still send, and what the numbering plan says today."""
    assert e164(sent, region) == known
    assert subscriber(known) == known


@given(st.from_regex(r"\+(52|54|55|57|225|229|84|1|44|49)[0-9]{6,12}", fullmatch=True))
def test_the_form_of_a_subscriber_is_one(number: str) -> None:
    """Taking it twice changes nothing."""
    assert subscriber(subscriber(number)) == subscriber(number)


def test_a_number_in_e164_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual call waits for no import."""
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert e164("+14155550100", "US") == "+14155550100"
    assert e164("(415) 555-0100", "US") == "+14155550100"
    assert e164("+5215512345678", "MX") == "+525512345678"


def test_country_of_a_number() -> None:
    """A number's country comes from its prefix; shared codes have none."""
    assert country("+14155550100") == "US"
    assert country("+16135550100") == "CA"
    assert country("+870773111632") is None
