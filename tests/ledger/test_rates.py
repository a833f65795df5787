"""What calls cost: increments, fees, grace, the longest prefix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.ledger import InvalidAmountError, Rate, RateTable

rates = st.builds(
    Rate,
    prefix=st.just("44"),
    per_minute_micros=st.integers(0, 10**9),
    connection_fee_micros=st.integers(0, 10**9),
    first_increment_seconds=st.integers(1, 120),
    next_increment_seconds=st.integers(1, 120),
    minimum_seconds=st.integers(0, 300),
    grace_seconds=st.integers(0, 30),
)
seconds = st.integers(0, 20_000)


@pytest.mark.parametrize(
    ("first", "following", "lasted", "billed"),
    [
        (60, 60, 1, 60),
        (60, 60, 60, 60),
        (60, 60, 61, 120),
        (30, 6, 1, 30),
        (30, 6, 31, 36),
        (30, 6, 36, 36),
        (1, 1, 59, 59),
        (60, 60, 0, 0),
    ],
)
def test_increments(first: int, following: int, lasted: int, billed: int) -> None:
    """60/60, 30/6 and 1/1 bill the first increment whole, then whole further ones; nothing costs nothing."""
    assert Rate("44", 60, 0, first, following).billed_seconds(lasted) == billed


def test_connection_fee_minimum_and_grace() -> None:
    """A call within the grace is free, fee included; one second more pays the fee and the minimum."""
    rate = Rate("44", 60_000, 5_000, 1, 1, minimum_seconds=30, grace_seconds=6)
    assert rate.cost_micros(6) == 0
    assert rate.cost_micros(7) == 5_000 + 30_000
    assert rate.cost_micros(31) == 5_000 + 31_000


def test_a_part_of_a_micro_unit_is_a_whole_one() -> None:
    """The cost is rounded once, up: 1 micro a minute is 1 micro for a second."""
    assert Rate("44", 1, 0, 1, 1).cost_micros(1) == 1
    assert Rate("44", 100, 0, 1, 1).cost_micros(61) == 102


@given(rates, seconds, seconds)
def test_a_longer_call_never_costs_less(rate: Rate, one: int, other: int) -> None:
    """The cost grows with the seconds, so what was held for a call pays for every shorter one."""
    shorter, longer = sorted((one, other))
    assert rate.cost_micros(shorter) <= rate.cost_micros(longer)
    assert rate.billed_seconds(longer) == 0 or rate.billed_seconds(longer) >= longer


@given(rates, st.integers(0, 10**11), st.integers(1, 86_400))
def test_affordable_seconds_are_the_most_the_money_pays_for(rate: Rate, micros: int, most: int) -> None:
    """What is affordable costs no more than the money, and one second more would cost more."""
    affordable = rate.affordable_seconds(micros, most)
    assert 0 <= affordable <= most
    if affordable:
        assert rate.cost_micros(affordable) <= micros
    if affordable < most and affordable:
        assert rate.cost_micros(affordable + 1) > micros
    if affordable == 0:
        assert rate.cost_micros(rate.grace_seconds + 1) > micros


@given(
    st.lists(st.from_regex(r"([1-9][0-9]{0,5})?", fullmatch=True), unique=True),
    st.text("0123456789", max_size=15),
)
def test_the_longest_prefix_wins(prefixes: list[str], number: str) -> None:
    """The rate found is that of the longest prefix, as looking at every prefix finds it."""
    table = RateTable([Rate(prefix, len(prefix)) for prefix in prefixes], currency="USD")
    matching = [prefix for prefix in prefixes if number.startswith(prefix)]
    found = table.find(f"+{number}", 0)
    assert (found.prefix if found else None) == (max(matching, key=len) if matching else None)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("prefix", "+44"),
        ("per_minute_micros", -1),
        ("per_minute_micros", 0.5),
        ("first_increment_seconds", 0),
    ],
)
def test_a_rate_out_of_bounds_is_named(field: str, wrong: object) -> None:
    """The error names the field, its value's kind and what is allowed."""
    values: dict[str, object] = {"prefix": "44", "per_minute_micros": 1, field: wrong}
    with pytest.raises(InvalidAmountError, match=rf"{field} is .* \(\w+\); give"):
        Rate(**values)  # type: ignore[arg-type]
