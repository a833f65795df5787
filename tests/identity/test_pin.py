"""PINs."""

from __future__ import annotations

import pytest

from pivot_app.identity import LOCK_SECONDS, MAX_PIN_FAILURES, Profile, hash_pin, pin_matches


def test_a_pin_matches_its_own_hash_only() -> None:
    """The right PIN passes, others do not, and the hash does not contain it."""
    stored = hash_pin("2468")
    assert pin_matches("2468", stored)
    assert not pin_matches("2469", stored)
    assert not pin_matches("", stored)
    assert "2468" not in stored


def test_two_hashes_of_one_pin_differ() -> None:
    """A salt of its own for each account: equal PINs can not be seen."""
    assert hash_pin("2468") != hash_pin("2468")


@pytest.mark.parametrize("stored", [None, "", "scrypt", "scrypt$", "md5$x$y"])
def test_nothing_stored_never_matches(stored: str | None) -> None:
    """An account without a PIN can not be entered with any."""
    assert not pin_matches("0000", stored)


@pytest.mark.parametrize("pin", ["", "123", "12345678901234", "12a4", "１２３４"])
def test_a_weak_or_odd_pin_is_refused_without_repeating_it(pin: str) -> None:
    """The error names the rule, not the value."""
    with pytest.raises(ValueError, match="4 to 12 digits") as refused:
        hash_pin(pin)
    assert not pin or pin not in str(refused.value)


def test_an_account_locks_after_too_many_wrong_pins_and_opens_again() -> None:
    """The lock holds for its time after the last wrong PIN."""
    profile = Profile(pin_failures=MAX_PIN_FAILURES, pin_failed_at=1000)
    assert profile.locked(1000 + LOCK_SECONDS - 1)
    assert not profile.locked(1000 + LOCK_SECONDS)
    assert not Profile(pin_failures=MAX_PIN_FAILURES - 1, pin_failed_at=1000).locked(1000)
