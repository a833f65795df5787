"""Who is looking, and which KAZOO accounts they may see: nobody, none, until it is written down.

API Gateway has proven who is asking before the function runs (SigV4, or a JWT of the configured issuer). An
event without that proof is refused here too: a route that lost its authorizer is closed, not open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

EVERY_ACCOUNT: Final = "*"
ACCOUNTS_CLAIM: Final = "kazoo_accounts"
_ACCOUNT_ID = re.compile(r"[0-9A-Za-z_.-]{1,64}")
_CLAIMED_ID = re.compile(r"[0-9a-f]{32}")


class AccessError(PermissionError):
    """The principal may not see what was asked for; the message says what would change that."""

    def __init__(self, principal: str, message: str) -> None:
        super().__init__(message)
        self.principal = principal


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person or program that API Gateway has let in."""

    principal: str
    """An IAM ARN, or `issuer subject` of a JWT."""
    accounts: tuple[str, ...]
    """The KAZOO Account-IDs they may see; `*` among them means every one."""

    def account(self, asked: str) -> str:
        """The account to show: the one asked for, or the only one there is.

        Raises:
            AccessError: It is not one of theirs, or it is not clear which.
        """
        if not asked and len(self.accounts) == 1 and self.accounts[0] != EVERY_ACCOUNT:
            return self.accounts[0]
        if not self.accounts:
            raise AccessError(
                self.principal,
                "no KAZOO account is open to you: `pivot debug-access` grants one to an IAM principal, "
                f"the claim {ACCOUNTS_CLAIM} to the holder of a token",
            )
        if not asked:
            remedy = "choose it on the page, or ask with ?account=ACCOUNT_ID"
            raise AccessError(self.principal, f"say which KAZOO account: {remedy}")
        if not _ACCOUNT_ID.fullmatch(asked):
            raise AccessError(self.principal, "account: not a KAZOO Account-ID")
        if asked not in self.accounts and EVERY_ACCOUNT not in self.accounts:
            raise AccessError(self.principal, f"KAZOO account {asked} is not open to you")
        return asked


def viewer(event: Mapping[str, Any], grants: Mapping[str, Iterable[str]]) -> Viewer:
    """The viewer of an HTTP API event (payload 2.0).

    `grants` maps IAM ARNs to KAZOO Account-IDs; an ARN ending in `*` covers what begins like it, which names
    all sessions of one role. A JWT brings its accounts in the claim `kazoo_accounts`.

    Raises:
        AccessError: The event does not say who is asking.
    """
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    if iam := authorizer.get("iam"):
        arn = str(iam.get("userArn") or "")
        if arn:
            return Viewer(
                arn, _known(account for name, ids in grants.items() if _covers(name, arn) for account in ids)
            )
    if jwt := authorizer.get("jwt"):
        claims = jwt.get("claims") or {}
        if subject := claims.get("sub"):
            return Viewer(f"{claims.get('iss', '')} {subject}".strip(), _claimed(claims.get(ACCOUNTS_CLAIM)))
    raise AccessError("", "who is asking is not known: sign the request (SigV4) or send a bearer token")


def parse_grants(document: str) -> dict[str, list[str]]:
    """The grants of an SSM parameter: a JSON object from IAM ARN to a list of KAZOO Account-IDs.

    Raises:
        ValueError: It is not such an object; the message names the entry.
    """
    grants = json.loads(document)
    if not isinstance(grants, dict):
        raise ValueError("debug-access: expected a JSON object from IAM ARN to a list of KAZOO Account-IDs")
    for arn, accounts in grants.items():
        if not (arn.startswith("arn:") and isinstance(accounts, list)):
            raise ValueError(f"debug-access: {arn!r}: expected an ARN and a list of KAZOO Account-IDs")
        for account in accounts:
            if account != EVERY_ACCOUNT and not _ACCOUNT_ID.fullmatch(str(account)):
                raise ValueError(f"debug-access: {arn}: {account!r} is not a KAZOO Account-ID and not '*'")
    return grants


def _covers(pattern: str, arn: str) -> bool:
    return arn == pattern or (pattern.endswith("*") and arn.startswith(pattern[:-1]))


def _claimed(claim: object) -> tuple[str, ...]:
    """Return the accounts a claim opens: Account-IDs, or `*` as its only value.

    A claim with anything else in it opens nothing: a company's name with a star in it is no permission. API
    Gateway writes a list as the text `[a b]`.
    """
    if isinstance(claim, list):
        values = [str(each) for each in claim]
    else:
        text = str(claim or "").strip()
        if text.startswith("[") and text.endswith("]"):
            text = text[1:-1]
        values = [value for value in re.split(r"[\s,]+", text) if value]
    if values == [EVERY_ACCOUNT]:
        return (EVERY_ACCOUNT,)
    return tuple(sorted(set(values))) if all(map(_CLAIMED_ID.fullmatch, values)) else ()


def _known(accounts: Iterable[str]) -> tuple[str, ...]:
    every = {account for account in accounts if account == EVERY_ACCOUNT or _ACCOUNT_ID.fullmatch(account)}
    return (EVERY_ACCOUNT,) if EVERY_ACCOUNT in every else tuple(sorted(every))
