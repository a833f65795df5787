"""Finding calls by a part of a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.live_debug import number_matches


@pytest.mark.parametrize(
    ("stored", "wanted", "found"),
    [
        ("+14155550123", "+1415", True),  # its beginning
        ("+14155550123", "5550", True),  # its middle
        ("+14155550123", "0123", True),  # its end, which is the last window
        ("+14155550123", "3", True),
        ("+14155550123", "+14155550123", True),  # all of it, which is the only window
        ("+14155550123", "01234", False),  # begins at the end and goes on behind it
        ("+14155550123", "34", False),
        ("+14155550123", "+141555501234", False),  # longer than the number
        ("123", "1234", False),
        ("1234", "1324", False),
        ("", "1", False),
        ("", "", True),
        ("123", "", True),
        ("+********100", "+1 (415) 555-0100", True),
        ("+********100", "+1 (415) 555-0101", False),
        ("+********100", "0101", True),  # among the masked digits
        ("*", "12", False),
        ("*", "a", False),
    ],
)
def test_the_window_is_as_wide_as_what_is_asked(stored: str, wanted: str, found: bool) -> None:
    """Every place of the number is looked at, and nothing that goes beyond its end is found."""
    assert number_matches(stored, wanted) is found


@given(stored=st.text("0123", max_size=8), wanted=st.text("0123", max_size=9))
def test_digits_are_found_exactly_where_they_stand(stored: str, wanted: str) -> None:
    """Without masks it is a search for a part of the text."""
    assert number_matches(stored, wanted) is (wanted in stored)
