"""Hides telephone and card numbers in texts, however they are written.

A number is seven digits or more, in any script, with up to four blanks or marks between two of them, alone or
glued to letters. Not numbers: dates, IPv4 addresses, and ids of 16 hexadecimal digits or more.
"""

from __future__ import annotations

import re
from collections.abc import Callable

SHOWN_DIGITS = 3
SHORTEST_NUMBER = 7
SHORTEST_CARD, LONGEST_CARD = 14, 19

# A digit of any script, also one in a circle or set higher.
_DIGIT = (
    r"[\d\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea"
    r"\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\U0001f100-\U0001f10a]"
)
# Between two digits of one number stands anything but letters; %20 and the like are the same in a URL.
BETWEEN_DIGITS = r"(?:[^\w%]|_|%2[0-9A-Fa-f]|%5[BDbd]|%7[BDbd]|%C2%A0){0,4}"
_DIGITS = re.compile(rf"{_DIGIT}(?:{BETWEEN_DIGITS}{_DIGIT}){{{SHORTEST_NUMBER - 1},}}")
# These are left alone: a UUID, a date, an IPv4 address with its port; the time and fraction after a date.
_KEPT = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
    r"|(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?"
    r"|(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d{1,5})?"
    r"|(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{16,}"
    r")(?![0-9A-Za-z])",
    re.ASCII,
)
# The first digits of cards: American Express, Visa, Mastercard, Discover and UnionPay, Diners and JCB.
_CARD_PREFIX = re.compile(r"3[0678]|3[47]|35|4|5[0-9]|2[2-7]|6")


def mask_number(number: str) -> str:
    """Return a caller's number with all but its last digits hidden; words such as anonymous stay."""
    hide = max(sum(map(str.isdigit, number)) - SHOWN_DIGITS, 0)
    masked = []
    for character in number:
        if character.isdigit() and hide:
            hide -= 1
            masked.append("*")
        else:
            masked.append(character)
    return "".join(masked)


def mask_numbers(text: str) -> str:
    """Return a text with every telephone and card number in it masked."""
    return _outside_of_ids(text, lambda part: _DIGITS.sub(lambda found: _mask(found[0]), part))


def mask_cards(text: str) -> str:
    """Return a text with every card number in it masked, which is told by its check digit (Luhn)."""
    return _outside_of_ids(
        text,
        lambda part: _DIGITS.sub(lambda found: _mask(found[0]) if is_card(found[0]) else found[0], part),
    )


def is_card(text: str) -> bool:
    """Return whether the digits of a text are a card number: length, first digits and Luhn's check digit."""
    digits = [int(each) for each in re.sub(r"%[0-9A-Fa-f]{2}", "", text) if each.isdecimal()]
    if not SHORTEST_CARD <= len(digits) <= LONGEST_CARD:
        return False
    if not _CARD_PREFIX.match("".join(map(str, digits))):
        return False
    doubled = [digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(each - 9 if each > 9 else each for each in doubled)) % 10 == 0


def _outside_of_ids(text: str, change: Callable[[str], str]) -> str:
    if not _DIGITS.search(text):
        return text
    changed, end = [], 0
    for kept in _KEPT.finditer(text):
        changed += [change(text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*changed, change(text[end:])])


def _mask(found: str) -> str:
    """Return a number masked; `%20` and the like keep their digits."""
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", found)
    count = sum(map(str.isdigit, "".join(pieces[::2])))
    hide, masked = max(count - SHOWN_DIGITS, 0), []
    for number, piece in enumerate(pieces):
        if number % 2:
            masked.append(piece)
            continue
        for character in piece:
            hidden = character.isdigit() and hide > 0
            hide -= hidden
            masked.append("*" if hidden else character)
    return "".join(masked)
