"""Telephone and card numbers are hidden, however they are written; ids, dates and addresses stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kazoo_pivot.observability import mask_cards, mask_number, mask_numbers

BETWEEN = [
    " ",
    "-",
    ".",
    "/",
    "\u00a0",
    " - ",
    ") ",
    "(",
    "\u2009",
    "\u2011",
    "\u200b",
    "",
    ", ",
    "%20",
    "%2D",
]
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９"]


def digits_in(text: str) -> str:
    """The digits of a text that nobody masked, without those that stand for a blank in a URL."""
    for blank in ("%20", "%2D", "%2B"):
        text = text.replace(blank, "")
    return "".join(filter(str.isdigit, text))


@pytest.mark.parametrize(
    "number",
    [
        *(
            "+1 (415) 555-0123",
            "415-555-0123",
            "415.555.0123",
            "u14155550123",
            "acct14155550123",
        ),
        *(
            "0041 44 668 18 00",
            "+14155550123",
            "%2B14155550123",
            "+1%20415%20555%200123",
            "tel:+1-415-555-0123",
        ),
        *(
            "(0)30/901820-0",
            "4 1 5 5 5 5 0 1 2 3",
            "4, 1, 5, 5, 5, 5, 0, 1, 2, 3",
            "sip:14155550123@10.0.0.1:5060",
        ),
        *(
            "４１５ ５５５ ０１２３",
            "٠٠٤١٤٤٦٦٨١٨٠٠",
            "415\u200b555\u200b0123",
            "[415] 555 0123",
            "415*555*0123",
        ),
    ],
)
def test_a_number_in_any_spelling(number: str) -> None:
    """Only its last three digits stay."""
    kept = "10.0.0.1:5060" if "sip:" in number else ""
    masked = mask_numbers(f"call {number} now").replace(kept, "")
    assert len(digits_in(masked)) == 3, masked


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(BETWEEN)), min_size=7, max_size=20),
    st.sampled_from(DIGITS),
    st.sampled_from(["", "+", "u", "x ", "é", "(", "号码", "00"]),
)
def test_no_number_is_read_back(number: list[tuple[int, str]], digits: str, before: str) -> None:
    """Whatever stands between and before its digits, in whatever script."""
    written = before + "".join(digits[digit] + between for digit, between in number)
    assert len(digits_in(mask_numbers(written))) <= 3


@given(st.text(max_size=200))
def test_a_mask_changes_digits_only(text: str) -> None:
    """Everything else stands where it stood, and a masked text is masked already."""
    masked = mask_numbers(text)
    assert len(masked) == len(text)
    assert all(new == old or (new == "*" and old.isdigit()) for new, old in zip(masked, text, strict=True))
    assert mask_numbers(masked).count("*") >= masked.count("*")


@pytest.mark.parametrize(
    "text",
    [
        "a1c7f2d8e4b04f6b9d3e5a7c1f2b8d60",
        "9d3c6ac9-3f69-4c4d-bbfb-a146349c8e46@198.51.100.20",
        "12345678-1234-1234-1234-123456789012",
        "2026-11-25T11:06:06.097",
        "on 2026-11-25 11:06",
        "from 203.0.113.200:15060",
        "balance 1250.00",
        "30000 ms",
        "press 1, 2 or 3",
        "anonymous",
    ],
)
def test_what_is_no_number_stays(text: str) -> None:
    """Ids, dates, addresses, amounts."""
    assert mask_numbers(text) == text
    assert mask_cards(text) == text


def with_check_digit(digits: str) -> str:
    """A card number of these digits."""
    doubled = [int(each) * (2 if at % 2 == 0 else 1) for at, each in enumerate(reversed(digits))]
    total = sum(each - 9 if each > 9 else each for each in doubled)
    return digits + str(-total % 10)


@given(
    st.sampled_from(["4", "51", "37", "6011", "36"]),
    st.text("0123456789", min_size=15, max_size=15),
    st.sampled_from(["", " ", "-"]),
)
def test_a_card_number_is_told_by_its_check_digit(prefix: str, rest: str, between: str) -> None:
    """Hidden even where an account shows telephone numbers; one digit off, it is none."""
    length = {"37": 15, "36": 14}.get(prefix, 16)
    card = with_check_digit((prefix + rest)[: length - 1])
    written = between.join(card[at : at + 4] for at in range(0, length, 4))
    assert len(digits_in(mask_cards(f"card {written}"))) == 3
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert mask_cards(wrong) == wrong


@pytest.mark.parametrize("number", ["+14155550123", "14155550123", "+4915112345678", "4155550123"])
def test_a_telephone_number_is_no_card(number: str) -> None:
    """Where numbers are shown, they are shown."""
    assert mask_cards(number) == number


@pytest.mark.parametrize(
    ("number", "masked"),
    [("+14155550100", "+********100"), ("1001", "*001"), ("99", "99"), ("anonymous", "anonymous"), ("", "")],
)
def test_a_callers_number(number: str, masked: str) -> None:
    """The last three digits stay, words stay."""
    assert mask_number(number) == masked
