"""PINs: kept as salted hashes only, and refused where they are the first ones anybody tries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from itertools import pairwise

from pivot_app.errors import ApplicationError

# 16 MiB and some 40 ms a guess (RFC 7914), well inside the time KAZOO waits.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_SALT_BYTES = 16
# Rows, columns and corners of a telephone's keys, and the years and codes that head every list of stolen
# PINs.
_COMMON = frozenset(
    {
        *("0852", "2580", "1470", "0741", "1470", "3690", "0963", "1397", "7931", "1379", "9713", "147258"),
        *("159357", "147369", "147258369", "123654", "159753", "789456", "456123", "1004", "1122"),
        *(
            "1221",
            "2112",
            "1342",
            "4711",
            "5683",
            "6969",
            "1010",
            "2020",
            "0007",
            "007007",
            "112233",
            "121314",
        ),
        *("135790", "246810", "102030", "010203", "696969", "520520", "5201314", "314159", "271828"),
    }
)


class WeakPinError(ApplicationError, ValueError):
    """The PIN is easy to guess; the message does not repeat it."""


def check_pin(pin: str, *known: str) -> None:
    """Refuse a PIN that somebody guesses in a few tries; `known` are numbers others know about the account.

    Raises:
        ValueError: The PIN is not 4 to 12 digits.
        WeakPinError: It is one of the first that are tried.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise ValueError("pin: must be 4 to 12 digits")
    if why := _weakness(pin, known):
        raise WeakPinError(f"pin: {why}; it is among the first that are tried, so take another")


def _weakness(pin: str, known: tuple[str, ...]) -> str:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "its digits are all the same, or in a row"
    for length in range(1, len(pin) // 2 + 1):
        if len(pin) % length == 0 and pin == pin[:length] * (len(pin) // length):
            return "it repeats the same digits"
    if pin in _COMMON:
        return "it is a pattern of the keys, or a well-known number"
    if len(pin) == 4 and 1930 <= int(pin) <= 2039:
        return "it is a year"
    if _is_date(pin):
        return "it is a date"
    for number in known:
        digits = "".join(filter(str.isdigit, number))
        if digits and (pin == digits or digits.endswith(pin) or digits.startswith(pin)):
            return "it is part of the account's own numbers"
    return ""


def _is_date(pin: str) -> bool:
    if len(pin) != 8:
        return False
    parts = ((pin[:2], pin[2:4], pin[4:]), (pin[2:4], pin[:2], pin[4:]), (pin[6:], pin[4:6], pin[:4]))
    return any(
        1 <= int(day) <= 31 and 1 <= int(month) <= 12 and 1900 <= int(year) <= 2039
        for day, month, year in parts
    )


def hash_pin(pin: str) -> str:
    """Return a salted scrypt hash of the PIN, as text.

    Raises:
        ValueError: The PIN is not 4 to 12 digits; the value is not repeated.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise ValueError("pin: must be 4 to 12 digits")
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"scrypt${_encode(salt)}${_encode(_scrypt(pin, salt))}"


def pin_matches(pin: str, stored: str | None) -> bool:
    """Return whether the PIN is the stored one, taking the same time where nothing is stored."""
    scheme, _, rest = (stored or "").partition("$")
    salt_text, _, hash_text = rest.partition("$")
    known = scheme == "scrypt" and bool(hash_text)
    salt = _decode(salt_text) if known else bytes(_SALT_BYTES)
    expected = _decode(hash_text) if known else bytes(32)
    return hmac.compare_digest(_scrypt(pin, salt), expected) and known


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        pin.encode("utf-8", "replace"),
        salt=salt,
        n=_COST,
        r=_BLOCK,
        p=_PARALLEL,
        maxmem=64 * 1024 * 1024,
        dklen=32,
    )


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
