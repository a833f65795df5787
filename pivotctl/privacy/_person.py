"""The identities of one caller, and every notation of their number in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kazoo_pivot.observability import BETWEEN_DIGITS, mask_number
from pivot_app.numbers import e164, subscriber
from pivotctl.errors import UsageError

_KAZOO_ID = re.compile(r"[0-9a-f]{32}")
SHORTEST_NATIONAL = 7
"""A shorter number could be anything: an extension, an amount, a time."""


class PrivacyError(UsageError):
    """A caller cannot be looked for, or not be erased; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Person:
    """One caller: a number, or a registered user of KAZOO.

    key: of the callers' table. forms: how the number, or the user's id, may be written. masked: what Live
    Debug keeps of the number where an account masks them.
    """

    key: str
    forms: tuple[str, ...]
    masked: frozenset[str] = frozenset()
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        written = "|".join(BETWEEN_DIGITS.join(map(re.escape, form)) for form in self.forms)
        object.__setattr__(self, "_pattern", re.compile(rf"(?<![0-9])(?:{written})(?![0-9])"))

    def is_in(self, value: Any) -> bool:
        """Return whether a value, or anything in it, names the caller."""
        if isinstance(value, Mapping):
            return any(self.is_in(each) for pair in value.items() for each in pair)
        if isinstance(value, list | tuple | set | frozenset):
            return any(self.is_in(each) for each in value)
        return isinstance(value, str) and bool(self._pattern.search(_plain_digits(value)))

    def removed_from(self, value: Any) -> Any:
        """Return a value with the caller's number, wherever it stands, replaced by `[erased]`."""
        if isinstance(value, Mapping):
            return {self.removed_from(name): self.removed_from(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.removed_from(each) for each in value]
        if isinstance(value, set | frozenset):
            return {self.removed_from(each) for each in value}
        if not isinstance(value, str):
            return value
        return self._pattern.sub("[erased]", _plain_digits(value)) if self.is_in(value) else value


def person(text: str, region: str = "US") -> Person:
    """Return the caller of a number or of a KAZOO user's id.

    Raises:
        PrivacyError: It is neither.
    """
    if _KAZOO_ID.fullmatch(text):
        return Person(f"user:{text}", (text,))
    number = e164(text, region)
    if number is None:
        raise PrivacyError(
            f"{text!r} is not a telephone number and no id of a KAZOO user; write +14155550100"
        )
    forms = {number[1:], *_other_forms(number)}
    forms |= {prefix + form for prefix in ("00", "011") for form in forms} | _national_forms(number)
    written = tuple(sorted(forms, key=len, reverse=True))
    # A + before the number is part of it, and goes with it.
    return Person(
        number,
        tuple(f"+{form}" for form in written) + written,
        frozenset(mask_number(form) for form in (number, *written)),
    )


def _other_forms(number: str) -> set[str]:
    """Return the digits of the same subscriber as carriers still send them."""
    digits, forms = number[1:], set[str]()
    for code, inserted in (("52", "1"), ("54", "9")):
        if digits.startswith(code):
            forms.add(f"{code}{inserted}{digits[2:]}")
    if digits.startswith("55") and len(digits) == 13:
        forms.add(digits[:4] + digits[5:])
    return {form for form in forms if subscriber(f"+{form}") == number}


def _national_forms(number: str) -> set[str]:
    """Return the digits as they are dialled inside the country, with and without its trunk prefix."""
    import phonenumbers

    parsed = phonenumbers.parse(number, None)
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    forms = {"".join(filter(str.isdigit, national)), str(phonenumbers.national_significant_number(parsed))}
    return {form for form in forms if len(form) >= SHORTEST_NATIONAL}


def _plain_digits(text: str) -> str:
    """Return a text with the digits of every script as 0 to 9; its length stays."""
    return "".join(
        str(unicodedata.digit(each)) if each.isdigit() and not each.isascii() else each for each in text
    )
