"""Authentication: API keys, tokens that expire, the tree of accounts, and rate limits."""

from __future__ import annotations

import secrets

from ._cluster import Account, Cluster
from ._messages import JsonObject, RefusalError, Reply, Request

TOKEN_HEADER = "x-auth-token"  # noqa: S105 - the header's name


def log_in(cluster: Cluster, data: object) -> tuple[Reply, str]:
    """Return the answer to `PUT api_auth`, and the token it grants."""
    key = data.get("api_key") if isinstance(data, dict) else None
    if not key:
        message = {"api_key": {"required": {"message": "Field is required but missing"}}}
        raise RefusalError(400, "validation error", message)
    account = next((each for each in cluster.accounts.values() if each.api_key == key), None)
    if account is None:
        # KAZOO repeats the key in the answer.
        raise RefusalError(404, "bad identifier", [key])
    token = f"eyJ0eXAi.{secrets.token_urlsafe(24)}.sig"
    cluster.tokens[token] = (account.id, cluster.now() + cluster.switches.token_life_s)
    return Reply(_facts(account), 201), token


def _facts(account: Account) -> JsonObject:
    return {
        "account_id": account.id,
        "account_name": account.name,
        "language": "en-us",
        "cluster_id": "1" * 32,
        "reseller_id": account.parent or "9" * 32,
        "is_reseller": False,
        "is_master_account": account.parent is None,
        "apps": [],
        "capabilities": {},
        "ui_config": {},
    }


def token_of(cluster: Cluster, request: Request, query: dict[str, str]) -> str:
    """Return the token that was sent, valid; empty if none was. An invalid one is refused at once."""
    token = request.headers.get(TOKEN_HEADER) or query.get("auth_token", "")
    if not token:
        if "authorization" in request.headers:
            # KAZOO 4.3 does not take a token from there.
            raise RefusalError(401, "invalid credentials", {})
        return ""
    found = cluster.tokens.get(token)
    if found is None or found[1] <= cluster.now():
        raise RefusalError(401, "invalid credentials", {})
    return token


def account_of_path(cluster: Cluster, account_id: str) -> Account:
    """Return the account a path names: looked up before the token's rights."""
    if len(account_id) != 32:
        raise RefusalError(404, "bad identifier", {"message": f"invalid account_id '{account_id}'"})
    account = cluster.accounts.get(account_id)
    if account is None:
        raise RefusalError(404, "bad_identifier", {"message": "bad identifier", "cause": account_id})
    return account


def check_rights(cluster: Cluster, token: str, account: Account) -> None:
    """Refuse a request without a token, or for an account that is not below the token's."""
    if not token:
        raise RefusalError(401, "invalid_credentials")
    if cluster.tokens[token][0] not in cluster.ancestors(account.id):
        raise RefusalError(403, "forbidden")


def take_token_of_bucket(cluster: Cluster, client: str, account_id: str) -> None:
    """Count one request against the client's bucket on the account."""
    switches, now = cluster.switches, cluster.now()
    left, at = cluster.buckets.get((client, account_id), (float(switches.bucket_size), now))
    left = min(float(switches.bucket_size), left + (now - at) * switches.bucket_per_second)
    if left < 1 - 1e-6:
        cluster.buckets[client, account_id] = (left, now)
        raise RefusalError(429, "too_many_requests")
    cluster.buckets[client, account_id] = (left - 1, now)


def tokens_left(cluster: Cluster, client: str, account_id: str) -> int:
    """Return what is left in a bucket, as KAZOO 5 shows it."""
    return int(cluster.buckets.get((client, account_id), (float(cluster.switches.bucket_size), 0.0))[0])
