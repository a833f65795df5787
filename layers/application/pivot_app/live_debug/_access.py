"""Identifies the principal and the KAZOO accounts it may view; access is denied by default.

API Gateway has proven who is asking before the function runs (SigV4, or a JWT of the configured issuer). An
event without that proof is refused here too: a route that lost its authorizer is closed, not open.

A claim that is not exactly understood grants nothing: one invalid account in it refuses the whole claim.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pivot_app.errors import ApplicationError
from pivot_app.lazy_dataclass import dataclass

EVERY_ACCOUNT: Final = "*"
ACCOUNTS_CLAIM: Final = "kazoo_accounts"
ROLES_CLAIM: Final = "roles"
_ACCOUNT_ID = re.compile(r"[0-9A-Za-z_.-]{1,64}")
_CLAIMED_ID = re.compile(r"[0-9a-f]{32}")
_ONE_TOKEN = re.compile(r"(?i:bearer )?([\w-]+\.[\w-]+\.[\w-]*)", re.ASCII)
_ROLE_PREFIX: Final = "role:"
# What a grant may name: one principal, all sessions of one role, or one role of a token. A star elsewhere
# would cover roles that nobody thought of.
_GRANTEE = re.compile(
    r"arn:[^:*]+:[^:*]+:[^:*]*:[^:*]*:[^*]+"
    r"|arn:[^:*]+:sts::[0-9]{12}:assumed-role/[^/*]+/\*"
    r"|role:\S(?:.*\S)?"
)


class AccessError(ApplicationError, PermissionError):
    """The principal may not see what was asked for; the message says what would change that."""

    def __init__(self, principal: str, message: str) -> None:
        super().__init__(message)
        self.principal = principal


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or program that API Gateway has let in."""

    principal: str
    """An IAM ARN, or `issuer subject` of a JWT."""
    accounts: tuple[str, ...]
    """The KAZOO Account-IDs they may see; `*` among them means every one."""
    hint: str = ""
    """Why a claim of theirs opened nothing."""

    def account(self, asked: str) -> str:
        """Return the account to show: the one asked for, or the only one there is.

        Raises:
            AccessError: The principal has no access to it, or it is not clear which one is meant.
        """
        if not asked and len(self.accounts) == 1 and self.accounts[0] != EVERY_ACCOUNT:
            return self.accounts[0]
        if not self.accounts:
            raise AccessError(
                self.principal,
                self.hint
                or "no access to any KAZOO account: `pivot debug-access` grants one to an IAM principal "
                "or to a role of a token; a claim of the token can name accounts, too",
            )
        if not asked:
            remedy = "choose it on the page, or ask with ?account=ACCOUNT_ID"
            raise AccessError(self.principal, f"say which KAZOO account: {remedy}")
        if not _ACCOUNT_ID.fullmatch(asked):
            raise AccessError(self.principal, "account: not a KAZOO Account-ID")
        if asked not in self.accounts and EVERY_ACCOUNT not in self.accounts:
            raise AccessError(self.principal, f"you have no access to KAZOO account {asked}")
        return asked


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claims of an access token say what its holder may see.

    Attributes:
        accounts: KAZOO Account-IDs, or `*` as the whole value
        roles: names that `pivot debug-access` grants accounts to, as `role:NAME`
    """

    accounts: str = ACCOUNTS_CLAIM
    roles: str = ROLES_CLAIM


def authenticate(
    event: Mapping[str, Any], grants: Mapping[str, Iterable[str]], claims: Claims | None = None
) -> Principal:
    """Return the principal of an HTTP API event (payload 2.0).

    `grants` maps IAM ARNs and `role:NAME` to KAZOO Account-IDs. `arn:…:assumed-role/NAME/*` names all
    sessions of that one role. A JWT is granted what its roles are granted, and what its claim of accounts
    says.

    Raises:
        AccessError: The event does not say who is asking, or the token is an ID token.
    """
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    if iam := authorizer.get("iam"):
        arn = str(iam.get("userArn") or "")
        if arn:
            return Principal(arn, _union(ids for name, ids in grants.items() if _covers(name, arn)))
    if jwt := authorizer.get("jwt"):
        said = jwt.get("claims") or {}
        if said.get("sub"):
            return _holder(event, said, grants, claims or Claims())
    raise AccessError("", "who is asking is not known: sign the request (SigV4) or send a bearer token")


def parse_grants(document: str) -> dict[str, list[str]]:
    """Return the grants of an SSM parameter: a JSON object from IAM ARN or `role:NAME` to KAZOO Account-IDs.

    Raises:
        ValueError: It is not such an object; the message names the entry.
    """
    grants = json.loads(document)
    if not isinstance(grants, dict):
        raise ValueError("debug-access: expected a JSON object from IAM ARN to a list of KAZOO Account-IDs")
    for grantee, accounts in grants.items():
        if not _GRANTEE.fullmatch(grantee):
            raise ValueError(
                f"debug-access: {grantee!r} is not an IAM ARN and not role:NAME; a star may stand only for "
                "the sessions of one role: arn:aws:sts::111122223333:assumed-role/NAME/*"
            )
        if not isinstance(accounts, list):
            raise ValueError(f"debug-access: {grantee!r}: expected a list of KAZOO Account-IDs")
        for account in accounts:
            if account != EVERY_ACCOUNT and not _ACCOUNT_ID.fullmatch(str(account)):
                raise ValueError(
                    f"debug-access: {grantee}: {account!r} is not a KAZOO Account-ID and not '*'"
                )
    return grants


def _covers(grantee: str, arn: str) -> bool:
    if not _GRANTEE.fullmatch(grantee) or grantee.startswith(_ROLE_PREFIX):
        return False
    if grantee.endswith("/*"):
        role, _, session = arn.rpartition("/")
        return role == grantee[:-2] and bool(session)
    return arn == grantee


def _holder(
    event: Mapping[str, Any], said: Mapping[str, Any], grants: Mapping[str, Iterable[str]], claims: Claims
) -> Principal:
    principal = f"{said.get('iss', '')} {said['sub']}".strip()
    if _is_id_token(said):
        raise AccessError(
            principal,
            "this is an ID token, which says who signed in and opens nothing: send the access token",
        )
    token = _token(event, said)
    named = _accounts(_value(said, token, claims.accounts))
    roles = _roles(_value(said, token, claims.roles)) if claims.roles else ()
    granted = _union(grants.get(_ROLE_PREFIX + role, ()) for role in roles)
    hint = ""
    if named is None:
        hint = (
            f"the claim {claims.accounts} opens nothing: it has to be KAZOO Account-IDs (32 hexadecimal "
            "digits) and nothing else, or * alone"
        )
    return Principal(principal, _union([named or (), granted]), hint)


def _is_id_token(claims: Mapping[str, Any]) -> bool:
    """Return whether a token is made for the page and not for this API.

    An issuer that names client and API alike would let both through. A token that says what it is (Keycloak's
    `typ`, Cognito's `token_use`) is believed; else only ID tokens have a nonce, which the page always sends
    and the issuer has to repeat, or hashes of other tokens.
    """
    kind = str(claims.get("token_use") or claims.get("typ") or "").casefold()
    if kind in ("access", "bearer", "at+jwt"):
        return False
    return kind == "id" or any(name in claims for name in ("nonce", "at_hash", "c_hash"))


def _token(event: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims as the token has them; empty where the header is not the token that was verified.

    API Gateway has checked the signature. It hands claims on as text, where `["a b"]` and `["a", "b"]` are
    both `[a b]`: a list is read from the token itself.
    """
    headers = {str(name).casefold(): value for name, value in (event.get("headers") or {}).items()}
    # One token and nothing else: of two headers made one, nobody knows which was verified.
    alone = _ONE_TOKEN.fullmatch(str(headers.get("authorization", "")))
    if alone is None:
        return {}
    parts = alone[1].split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    same = isinstance(claims, dict) and all(
        str(claims.get(name, "")) == str(said.get(name, "")) for name in ("iss", "sub")
    )
    return claims if same else {}


def _value(said: Mapping[str, Any], token: Mapping[str, Any], name: str) -> object:
    """Return one claim, as a list where the token has a list."""
    value, listed = said.get(name), token.get(name)
    if isinstance(listed, list) and value == f"[{' '.join(map(str, listed))}]":
        return listed
    return value


def _accounts(claim: object) -> tuple[str, ...] | None:
    """Return the accounts that a claim names; None where any of it is not exactly an account.

    A text is one or more ids with blanks or commas between them; API Gateway writes a list as `[a b]`.
    """
    if claim is None or claim == "" or claim == []:
        return ()
    if isinstance(claim, str):
        inside = claim[1:-1] if claim.startswith("[") and claim.endswith("]") else claim
        words: list[object] = [*re.split(r"[ ,]+", inside.strip(" "))] if inside.strip(" ") else []
    elif isinstance(claim, list):
        words = claim
    else:
        return None
    if words == [EVERY_ACCOUNT]:
        return (EVERY_ACCOUNT,)
    if not all(isinstance(word, str) and _CLAIMED_ID.fullmatch(word) for word in words):
        return None
    return tuple(str(word) for word in words)


def _roles(claim: object) -> tuple[str, ...]:
    """Return the roles of a claim: a list's texts, each whole, or one text.

    The text that API Gateway makes of a list is not a role: where one ends and the next begins is not known.
    """
    if isinstance(claim, list):
        return tuple(role for role in claim if isinstance(role, str))
    if isinstance(claim, str) and not claim.startswith("["):
        return (claim,)
    return ()


def _union(accounts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    every = {
        account
        for each in accounts
        for account in each
        if account == EVERY_ACCOUNT or _ACCOUNT_ID.fullmatch(account)
    }
    return (EVERY_ACCOUNT,) if EVERY_ACCOUNT in every else tuple(sorted(every))
