"""Live Debug: the recent calls of a KAZOO account, for the people API Gateway has let in."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError
from kazoo_pivot.observability import logger
from pivot_app import aws
from pivot_app.bootstrap import parameters, tenants
from pivot_app.live_debug import ACCOUNTS_CLAIM, Claims, ExchangeStore, Service, answer, parse_grants
from pivot_app.settings import settings
from pivot_app.settings.live_debug import LiveDebugSettings, SignInSettings


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer one request of the page or of `pivot debug`."""
    return answer(event, _service(event))


def _service(event: dict[str, Any]) -> Service:
    given = LiveDebugSettings.from_environment()
    return Service(
        store=ExchangeStore(aws.client("dynamodb"), settings().exchanges_table),
        grants=_grants,
        shards=_shards,
        audit=_audit,
        base_url=_base_url(event),
        sign_in=_sign_in if given.sign_in else None,
        connect=_connect if given.sign_in else tuple,
        claims=Claims(accounts=given.accounts_claim or ACCOUNTS_CLAIM, roles=given.roles_claim),
    )


def _base_url(event: dict[str, Any]) -> str:
    """Return the address of the callbacks: from the signed request, otherwise the one given to KAZOO."""
    context = event["requestContext"]
    if "iam" in context.get("authorizer", {}) and (
        told := event.get("headers", {}).get("x-live-debug-base-url")
    ):
        return str(told)
    return settings().public_url or f"https://{context['domainName']}"


def _audit(view: dict[str, Any]) -> None:
    """Log every view, whatever the log level is."""
    line = {
        "message": "live debug view",
        "level": "AUDIT",
        "timestamp": datetime.now(UTC).isoformat(),
        **view,
    }
    sys.stdout.write(json.dumps(line) + "\n")


def _grants() -> dict[str, list[str]]:
    """Return the access rules of Live Debug; a document that cannot be read grants nothing."""
    document = _parameters().first("debug-access")
    try:
        return parse_grants(document or "{}")
    except ValueError as error:
        logger().error(
            "the debug-access parameter cannot be read; access is denied", extra={"error": str(error)}
        )
        return {}


def _shards(account: str) -> int:
    try:
        return tenants().account(account).debug.shards
    except NotAuthenticatedError:
        return 1


@cache
def _parameters() -> aws.Parameters:
    return parameters()


@cache
def _provider() -> dict[str, str]:
    """Return the OIDC provider's own description of its addresses.

    Raises:
        ValueError: It describes another issuer.
    """
    issuer = _client().issuer
    with urlopen(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=2) as answered:  # noqa: S310 - a parameter of the deployment
        described = json.load(answered)
    if str(described["issuer"]).rstrip("/") != issuer.rstrip("/"):
        raise ValueError(f"{issuer} describes itself as {described['issuer']!r}")
    return {name: described[name] for name in ("issuer", "authorization_endpoint", "token_endpoint")}


def _sign_in() -> dict[str, Any]:
    client = _client()
    return {
        "sign_in": {
            **_provider(),
            "client_id": client.client_id,
            "audience": client.audience,
            "scope": client.scope,
        }
    }


def _client() -> SignInSettings:
    client = LiveDebugSettings.from_environment().sign_in
    if client is None:
        raise MisconfiguredError("no OpenID Connect provider is configured; set the parameter OidcIssuer")
    return client


def _connect() -> tuple[str, ...]:
    token_endpoint = urlsplit(_provider()["token_endpoint"])
    return (f"{token_endpoint.scheme}://{token_endpoint.netloc}",)
