"""What is dialled is what is judged: exact E.164, or a short code, in ASCII digits."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.ledger import Destination, Rate, RateTable, free_call, is_emergency

REGIONS = st.sampled_from(["US", "GB", "DE", "FR", "MX", "AU", "IT", "BR"])
TAILS = ("/x33899123456", ",,33", "#33899123456", ";ext=5", ";phone-context=+33", "x9999", "w1", "p1", " 5")


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("number", ["+12125550188", "12125550188", "911", "988", "411"])
def test_a_number_with_a_tail_is_none(number: str, tail: str) -> None:
    """A dial string behind a number would be dialled and not judged."""
    for text in (number + tail, tail + number):
        assert Destination.parse(text, "US") is None
        assert Destination.parse(text, "US", typed=True) is None
        assert free_call(text, "US") is None


@pytest.mark.parametrize(
    "text",
    [
        "abc911",
        "911abc",
        "*911",
        "911.",
        "x911",
        "９１１",
        "٩١١",
        "9 1 1",
        "+911",
        "91 1",
        "911\n",
        "",
        "+",
        "1911",
    ],
)
def test_only_the_number_itself_is_an_emergency(text: str) -> None:
    """What merely holds an emergency number goes the way of every other call."""
    assert not is_emergency(text, "US")


@pytest.mark.parametrize(
    ("dialled", "region"),
    [("911", "US"), ("112", "US"), ("999", "GB"), ("112", "DE"), ("17", "FR"), ("000", "AU"), ("911", "MX")],
)
def test_emergency_numbers_of_the_region(dialled: str, region: str) -> None:
    """Each region has its own."""
    assert free_call(dialled, region) == "emergency"


@pytest.mark.parametrize(
    ("dialled", "region"),
    [
        *(("988", "US"), ("933", "US"), ("988", "CA"), ("116123", "GB"), ("116117", "DE"), ("3114", "FR")),
        *(("107", "BE"), ("113", "NL"), ("016", "ES")),
    ],
)
def test_help_lines_cost_their_callers_nothing(dialled: str, region: str) -> None:
    """Crisis lines, and the test of emergency calls."""
    assert free_call(dialled, region) == "helpline"


@pytest.mark.parametrize(
    ("dialled", "region"),
    [
        *(("411", "US"), ("211", "US"), ("611", "US"), ("711", "US"), ("211", "CA")),
        *(("111", "GB"), ("118118", "GB"), ("3000", "FR"), ("1300", "ES")),
    ],
)
def test_other_short_codes_can_be_rated(dialled: str, region: str) -> None:
    """They are destinations of their region, and not free."""
    destination = Destination.parse(dialled, region)
    assert destination == Destination(dialled, region)
    assert destination.is_short_code
    assert free_call(dialled, region) is None


@pytest.mark.parametrize("extension", ["2030", "100", "20300", "0", "7"])
def test_an_extension_is_no_short_code(extension: str) -> None:
    """Numbers inside a company are none of the region's."""
    assert Destination.parse(extension, "US") is None


@pytest.mark.parametrize(
    ("dialled", "region", "number", "country"),
    [
        ("+442071838750", None, "+442071838750", "GB"),
        ("02071838750", "GB", "+442071838750", "GB"),
        ("00442071838750", "DE", "+442071838750", "GB"),
        ("011442071838750", "US", "+442071838750", "GB"),
        ("2125550188", "US", "+12125550188", "US"),
        ("0612345678", "IT", "+390612345678", "IT"),
        ("+5215512345678", "US", "+525512345678", "MX"),
        ("+80012345678", "US", "+80012345678", ""),
    ],
)
def test_numbers_are_read_as_dialled_in_the_region(
    dialled: str, region: str | None, number: str, country: str
) -> None:
    """The same number however it is dialled, Mexico's old 1 included."""
    assert Destination.parse(dialled, region) == Destination(number, country)


def test_a_typed_number_needs_no_plus() -> None:
    """On a calling card's line the country's code stands alone; in a dialled number it does not."""
    assert Destination.parse("442071838750", "US") is None
    assert Destination.parse("442071838750", "US", typed=True) == Destination("+442071838750", "GB")
    assert Destination.parse("12125550188", "US", typed=True) == Destination("+12125550188", "US")


@given(
    st.text(max_size=24) | st.from_regex(r"\+?[0-9]{1,20}[ -~]{0,6}", fullmatch=True), REGIONS, st.booleans()
)
def test_whatever_is_dialled_a_destination_is_exact(text: str, region: str, typed: bool) -> None:
    """A destination is E.164 or ASCII digits, reads as itself again, and came of nothing but digits."""
    destination = Destination.parse(text, region, typed=typed)
    if destination is None:
        return
    assert text.isascii()
    assert text.removeprefix("+").isdigit()
    assert Destination.parse(destination.number, region) == destination
    if destination.is_short_code:
        assert destination == Destination(text, region)
    else:
        assert phonenumbers.is_valid_number(phonenumbers.parse(destination.number))


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{2,8}", fullmatch=True), REGIONS)
def test_a_free_call_is_its_digits(text: str, region: str) -> None:
    """Nothing but ASCII digits goes through without money."""
    if free_call(text, region):
        assert text.isascii()
        assert text.isdigit()
        assert len(text) <= 8


def test_a_short_code_has_its_own_rate() -> None:
    """41 is Switzerland: the rate of a country never prices a service code."""
    switzerland = RateTable([Rate("41", 1), Rate("", 9)], currency="USD")
    assert switzerland.find("411", 0) is None
    exact = RateTable([Rate("41", 1), Rate("411", 2)], currency="USD")
    assert exact.find("411", 0) == Rate("411", 2)
    marked = RateTable([Rate("411", 2), Rate("short:411", 3)], currency="USD")
    assert marked.find("411", 0) == Rate("short:411", 3)
    assert marked.find("+411234567", 0) == Rate("411", 2)
