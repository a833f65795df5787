"""Tokens that prove themselves: `v1.SCOPE.KAZOO_ACCOUNT.KEY.ID.MAC`, 83 characters, fit for a URL.

A token that is forged, cut, of another account or for another door is refused by arithmetic alone. Only one
that was issued costs a look-up, which says whether it was revoked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Mapping
from typing import Final, Literal, get_args

from kazoo_pivot import NotAuthenticatedError
from pivot_app.lazy_dataclass import dataclass

Scope = Literal["pivot", "webhook"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

VERSION = "v1"
_TOKEN = re.compile(
    r"v1\.(pivot|webhook)\.([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z]{1,16})\.([A-Za-z0-9_-]{11})\.([A-Za-z0-9_-]{22})"
)
# What is kept of one until it can be checked: it opens nothing.
_SEALED = re.compile(
    r"(v1\.(?:pivot|webhook)\.[^.]{1,64}\.[^.]{1,16}\.[A-Za-z0-9_-]{11})\.sha256:([0-9a-f]{64})"
)
# A dash in front would make an option of an id on a command line.
_ID_LETTERS = string.ascii_letters + string.digits
_ID_LENGTH = 11
# An old token: 43 characters that prove nothing. Fit for a URL, a header and JSON as it is.
_OLD_TOKEN = re.compile(r"[A-Za-z0-9_~-]{8,128}")


@dataclass(frozen=True, slots=True)
class Token:
    """The content of a token whose MAC is valid.

    id: random, the name of the token in lists and in the tenant's item; it opens nothing
    """

    scope: Scope
    account_id: str
    key_id: str
    id: str


def issue(scope: Scope, account_id: str, key_id: str, key: bytes) -> tuple[str, Token]:
    """Return a new token as it is shown once, and what is kept of it."""
    name = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    token = Token(scope, account_id, key_id, name)
    return f"{_stem(token)}.{_mac(token, key)}", token


def is_issued_form(text: str) -> bool:
    """Return whether a text has the form of a token that proves itself."""
    return text.startswith(f"{VERSION}.")


def verify(text: str, keys: Mapping[str, bytes]) -> Token:
    """Return what a token says; NotAuthenticatedError when it was not made with one of these keys."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        raise NotAuthenticatedError("wrong_token")
    scope: Scope = "pivot" if found[1] == "pivot" else "webhook"
    token = Token(scope, found[2], found[3], found[4])
    key = keys.get(token.key_id)
    if key is None:
        raise NotAuthenticatedError("unknown_key")
    if not hmac.compare_digest(_mac(token, key), found[5]):
        raise NotAuthenticatedError("wrong_token")
    return token


def seal(text: str) -> str:
    """Return what may be kept of a token: its name and a SHA-256; NotAuthenticatedError for another form."""
    if not _TOKEN.fullmatch(text):
        raise NotAuthenticatedError("wrong_token")
    return f"{text.rpartition('.')[0]}.sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def verify_sealed(sealed: str, keys: Mapping[str, bytes]) -> Token:
    """As `verify`, for what `seal` made of a token."""
    found = _SEALED.fullmatch(sealed)
    if found is None:
        raise NotAuthenticatedError("wrong_token")
    _, scope, account_id, key_id, token_id = found[1].split(".")
    token = Token("pivot" if scope == "pivot" else "webhook", account_id, key_id, token_id)
    key = keys.get(key_id)
    if key is None:
        raise NotAuthenticatedError("unknown_key")
    expected = hashlib.sha256(f"{found[1]}.{_mac(token, key)}".encode()).hexdigest()
    if not hmac.compare_digest(expected, found[2]):
        raise NotAuthenticatedError("wrong_token")
    return token


def old_digest(text: str) -> str:
    """Return the SHA-256 of an old token, as it was kept; NotAuthenticatedError where it has not its form."""
    if not _OLD_TOKEN.fullmatch(text):
        raise NotAuthenticatedError("wrong_token")
    return hashlib.sha256(text.encode()).hexdigest()


def _stem(token: Token) -> str:
    return f"{VERSION}.{token.scope}.{token.account_id}.{token.key_id}.{token.id}"


def _mac(token: Token, key: bytes) -> str:
    digest = hmac.digest(key, f"pivot token {_stem(token)}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
