"""PINs: kept as salted hashes only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

MAX_PIN_FAILURES = 10
"""Wrong PINs in a row, over any number of calls, after which an account is locked for a while."""

LOCK_SECONDS = 900

# 16 MiB and some 40 ms a guess (RFC 7914), well inside the time KAZOO waits.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_SALT_BYTES = 16


def hash_pin(pin: str) -> str:
    """A salted scrypt hash of the PIN, as text.

    Raises:
        ValueError: The PIN is not 4 to 12 digits; the value is not repeated.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise ValueError("pin: must be 4 to 12 digits")
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"scrypt${_encode(salt)}${_encode(_scrypt(pin, salt))}"


def pin_matches(pin: str, stored: str | None) -> bool:
    """Whether the PIN is the stored one, taking the same time where nothing is stored."""
    scheme, _, rest = (stored or "").partition("$")
    salt_text, _, hash_text = rest.partition("$")
    known = scheme == "scrypt" and bool(hash_text)
    salt = _decode(salt_text) if known else bytes(_SALT_BYTES)
    expected = _decode(hash_text) if known else bytes(32)
    return hmac.compare_digest(_scrypt(pin, salt), expected) and known


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=64 * 1024 * 1024, dklen=32
    )


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
