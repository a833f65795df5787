"""The settings of Live Debug: the identity provider, and the claims that it reads."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Self

from pivot_app.lazy_dataclass import dataclass
from pivot_app.settings import check

_ISSUER = re.compile(r"https?://[^?#\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """The OpenID Connect provider that signs people in, and the page's client there."""

    issuer: str
    audience: str
    client_id: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDebugSettings:
    """The settings of Live Debug.

    sign_in: None where only IAM lets people in
    accounts_claim: the claim that lists KAZOO accounts; empty: the default one
    roles_claim: the claim that lists roles; empty: roles do not count
    """

    sign_in: SignInSettings | None
    accounts_claim: str
    roles_claim: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the environment; MisconfiguredError names the variable and the fix."""
        return cls(
            sign_in=_sign_in(environment) if environment.get("PIVOT_OIDC_ISSUER") else None,
            accounts_claim=environment.get("PIVOT_OIDC_ACCOUNTS_CLAIM", ""),
            roles_claim=environment.get("PIVOT_OIDC_ROLES_CLAIM", ""),
        )


def _sign_in(environment: Mapping[str, str]) -> SignInSettings:
    issuer, audience = environment["PIVOT_OIDC_ISSUER"], environment.get("PIVOT_OIDC_AUDIENCE", "")
    return SignInSettings(
        issuer=check("PIVOT_OIDC_ISSUER", issuer, _ISSUER, "the provider's address, as its tokens name it"),
        audience=check(
            "PIVOT_OIDC_AUDIENCE", audience, re.compile(r"\S.*"), "what the provider's tokens are made for"
        ),
        client_id=environment.get("PIVOT_OIDC_CLIENT_ID") or audience,
        scope=environment.get("PIVOT_OIDC_SCOPE") or "openid",
    )
