"""PINs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.identity import WeakPinError, check_pin, hash_pin, pin_matches


def test_a_pin_matches_its_own_hash_only() -> None:
    """The right PIN passes, others do not, and the hash does not contain it."""
    stored = hash_pin("2468")
    assert pin_matches("2468", stored)
    assert not pin_matches("2469", stored)
    assert not pin_matches("", stored)
    assert "2468" not in stored


def test_two_hashes_of_one_pin_differ() -> None:
    """A salt of its own for each account: equal PINs cannot be seen."""
    assert hash_pin("2468") != hash_pin("2468")


@pytest.mark.parametrize("stored", [None, "", "scrypt", "scrypt$", "md5$x$y"])
def test_nothing_stored_never_matches(stored: str | None) -> None:
    """An account without a PIN cannot be entered with any."""
    assert not pin_matches("0000", stored)


@pytest.mark.parametrize("pin", ["", "123", "12345678901234", "12a4", "１２３４"])
def test_a_weak_or_odd_pin_is_refused_without_repeating_it(pin: str) -> None:
    """The error names the rule, not the value."""
    with pytest.raises(ValueError, match="4 to 12 digits") as refused:
        hash_pin(pin)
    assert not pin or pin not in str(refused.value)


@pytest.mark.parametrize(
    "pin",
    [
        *("0000", "1111", "999999", "1234", "4321", "7890", "0123", "9876", "123456789012", "8901"),
        *(
            "1212",
            "123123",
            "12341234",
            "2580",
            "0852",
            "147258",
            "1987",
            "2024",
            "1004",
            "31121985",
            "19851231",
        ),
    ],
)
def test_a_pin_that_is_tried_first_is_refused_without_repeating_it(pin: str) -> None:
    """Rows, repetitions, patterns of the keys, years and dates."""
    with pytest.raises(WeakPinError) as refused:
        check_pin(pin)
    assert pin not in str(refused.value)


@pytest.mark.parametrize("pin", ["1001", "0142", "5550142", "4155"])
def test_a_pin_made_of_the_accounts_own_numbers_is_refused(pin: str) -> None:
    """Who knows the number knows those digits."""
    with pytest.raises(WeakPinError, match="own numbers"):
        check_pin(pin, "1001", "+4155550142")


@pytest.mark.parametrize("pin", ["8305", "864213", "0042", "7391", "58204917"])
def test_a_pin_like_any_other_is_taken(pin: str) -> None:
    """Most PINs are fine."""
    check_pin(pin, "1001", "+14155550123")


@given(st.from_regex(r"[0-9]{4,12}", fullmatch=True))
def test_any_digits_are_taken_or_refused_with_a_reason(pin: str) -> None:
    """A refusal says why and never the PIN itself."""
    message = ""
    try:
        check_pin(pin)
    except WeakPinError as refused:
        message = str(refused)
    assert pin not in message
