"""The change-over: tokens from before they proved themselves, of which a SHA-256 was kept in SSM.

Until `pivot token migrate` a KAZOO account's hashes are in `{prefix}/accounts/{account}`. Anybody can name an
account, so what strangers make us ask is bounded: what was refused is remembered, known accounts have a cache
of their own that no stranger can fill, and no more than `READS_A_SECOND` unknown names are asked for.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from kazoo_pivot import NotAuthenticatedError, StoreUnavailableError
from pivot_app.aws.cache import Cache
from pivot_app.aws.parameters import FRESH_S, STALE_FOR_S, Parameters
from pivot_app.lazy_dataclass import dataclass
from pivot_app.tenants._store import DIGEST_SHOWN, TenantItem, TenantReader

READS_A_SECOND = 1.0
READS_AT_ONCE = 10.0
REFUSED_FOR_S = 60.0
CACHED = 1_024
REFUSED_CACHED = 256


@dataclass(frozen=True, slots=True)
class OldClaim:
    """An old token as far as it is known without a look-up; account_id: whose it is, empty when in SSM."""

    digest: str
    account_id: str = ""


class OldTokens:
    """Says whose an old token is."""

    def __init__(
        self,
        store: Callable[[], TenantReader],
        parameters: Parameters,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._parameters = parameters
        self._clock = clock
        self._moved: Cache[Mapping[str, str] | tuple[()]] = Cache(1, FRESH_S, clock)
        self._known: Cache[TenantItem] = Cache(CACHED, FRESH_S, clock)
        self._refused: Cache[bool] = Cache(REFUSED_CACHED, REFUSED_FOR_S, clock)
        self._tokens = READS_AT_ONCE
        self._filled_at = clock()

    def claim(self, digest: str) -> OldClaim:
        """Return whose token has this SHA-256; NotAuthenticatedError when it is certainly unknown."""
        moved = self._moved_tokens()
        if moved is None:
            return OldClaim(digest)
        account_id = moved.get(digest[:DIGEST_SHOWN])
        if account_id is None:
            raise NotAuthenticatedError("wrong_token")
        return OldClaim(digest, account_id)

    def in_ssm(self, account_id: str, digest: str) -> TenantItem:
        """Return the tenant as SSM holds it; NotAuthenticatedError when this is not a token of it."""
        found = self._known.get(account_id)
        if found is None:
            found = self._ask(account_id, self._known.get(account_id, stale=True))
        if not holds_old(found, digest):
            raise NotAuthenticatedError("wrong_token")
        return found

    def known_in_ssm(self, account_id: str) -> TenantItem | None:
        """Return a tenant that SSM still holds, for a request its signed state admits."""
        if self._moved_tokens() is not None:
            return None
        found = self._known.get(account_id)
        if found is not None:
            return found
        try:
            return self._ask(account_id, self._known.get(account_id, stale=True))
        except NotAuthenticatedError:
            return None

    def forget(self) -> None:
        """Clear the cache."""
        for cache in (self._moved, self._known, self._refused):
            cache.clear()
        self._tokens = READS_AT_ONCE

    def _ask(self, account_id: str, old: TenantItem | None) -> TenantItem:
        if old is None:
            if self._refused.get(account_id):
                raise NotAuthenticatedError("unknown_account")
            self._spend()
        name = f"accounts/{account_id}"
        try:
            value = self._parameters.first(name)
        except StoreUnavailableError:
            if old is None or (self._known.age_of(account_id) or 0) >= STALE_FOR_S:
                raise
            return old
        item = _item_of(account_id, value)
        if item is None:
            self._known.drop(account_id)
            self._refused.put(account_id, True)
            raise NotAuthenticatedError("unknown_account")
        self._known.put(account_id, item)
        return item

    def _spend(self) -> None:
        """Take one of the reads there may be; NotAuthenticatedError when strangers have used them up."""
        now = self._clock()
        self._tokens = min(READS_AT_ONCE, self._tokens + (now - self._filled_at) * READS_A_SECOND)
        self._filled_at = now
        if self._tokens < 1:
            raise NotAuthenticatedError("too_many_unknown")
        self._tokens -= 1

    def _moved_tokens(self) -> Mapping[str, str] | None:
        found = self._moved.get("old")
        if found is None:
            try:
                fresh = self._store().old_tokens()
            except StoreUnavailableError:
                found = self._moved.get("old", stale=True)
                if found is None:
                    raise
            else:
                found = () if fresh is None else fresh
                self._moved.put("old", found)
        return found if isinstance(found, Mapping) else None


def holds_old(item: TenantItem, digest: str) -> bool:
    """Return whether a tenant has an old token with this SHA-256."""
    # Every hash is compared whatever the first says, so that the time tells nothing.
    results = [hmac.compare_digest(digest, str(token.get("sha256", ""))) for token in item.old_tokens]
    return any(results)


def _item_of(account_id: str, value: str | None) -> TenantItem | None:
    """Return the tenant in an old parameter; None if it is missing or unreadable."""
    document = parameter_document(value)
    if document is None:
        return None
    tokens = document.pop("tokens", None)
    old = (
        tuple(entry for entry in tokens or () if isinstance(entry, dict)) if isinstance(tokens, list) else ()
    )
    return TenantItem(account_id=account_id, settings=document, old_tokens=old)


def parameter_document(value: str | None) -> dict[str, Any] | None:
    """Return the JSON object in a parameter, None where it holds none."""
    try:
        document = json.loads(value) if value else None
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
