"""The KAZOO accounts that may ask: their tokens and settings, held in SSM and cached within bounds.

`{prefix}/accounts/{kazoo_account_id}` and `{prefix}/state-keys` are fetched in one GetParameters call.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError, StoreUnavailableError
from pivot_app.tenants._tenant import Tenant, wrong_setting

LIVE_VERSIONS = 2
KNOWN_FOR_S = 60.0
UNKNOWN_FOR_S = 15.0
# A wrong token makes us look again, as it may be a new one; no sooner than this, so that guessing is free.
LOOK_AGAIN_AFTER_S = 5.0
# While SSM fails, what was known keeps answering this long; it bounds how late a revocation may count.
STALE_FOR_S = 900.0
CACHED_ACCOUNTS = 1_024

# Fit for a URL, a header and JSON as it is, so that it can be found and removed wherever it stands.
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def token_digest(token: str | None) -> str:
    """The SHA-256 of a token as SSM holds it; NotAuthenticatedError where it has not the form of a token."""
    if not token:
        raise NotAuthenticatedError("no_token")
    if not _TOKEN.fullmatch(token):
        raise NotAuthenticatedError("wrong_token")
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Entry:
    account: Tenant | None
    problem: MisconfiguredError | None
    hashes: tuple[bytes, ...]
    keys: tuple[bytes, ...]
    read_at: float


class AccountDirectory:
    """Answers who asks: account and state keys for a claimed account id and a token."""

    def __init__(
        self, prefix: str, client: Callable[[], Any], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._prefix = prefix.rstrip("/")
        self._client = client
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def authenticate(self, account_id: str, token: str | None) -> tuple[Tenant, tuple[bytes, ...]]:
        """Return the account and the state-signing keys, newest first.

        NotAuthenticatedError when the token is no live one of this account;
        StoreUnavailableError when SSM fails.
        """
        return self.authenticate_digest(account_id, token_digest(token))

    def authenticate_digest(self, account_id: str, digest: str) -> tuple[Tenant, tuple[bytes, ...]]:
        """As `authenticate`, for a token of which only its `token_digest` was kept."""
        presented = digest.encode()
        entry = self._entry(account_id, max_age_s=KNOWN_FOR_S)
        if not _matches(presented, entry.hashes):
            entry = self._entry(account_id, max_age_s=LOOK_AGAIN_AFTER_S)
            if not _matches(presented, entry.hashes):
                raise NotAuthenticatedError("unknown_account" if entry.account is None else "wrong_token")
        if entry.problem:
            raise entry.problem
        assert entry.account is not None  # noqa: S101 - an entry with hashes has an account or a problem
        return entry.account, entry.keys

    def forget(self) -> None:
        """Forget what was cached."""
        with self._lock:
            self._entries.clear()

    def _entry(self, account_id: str, *, max_age_s: float) -> _Entry:
        now = self._clock()
        found = self._entries.get(account_id)
        if found is not None:
            if not found.hashes:
                max_age_s = min(max_age_s, UNKNOWN_FOR_S) if max_age_s == KNOWN_FOR_S else max_age_s
            if now - found.read_at < max_age_s:
                return found
        try:
            fresh = self._read(account_id, now)
        except StoreUnavailableError:
            if found is not None and now - found.read_at < STALE_FOR_S:
                return found
            raise
        with self._lock:
            self._entries[account_id] = fresh
            self._entries.move_to_end(account_id)
            while len(self._entries) > CACHED_ACCOUNTS:
                self._entries.popitem(last=False)
        return fresh

    def _read(self, account_id: str, now: float) -> _Entry:
        account_name, keys_name = f"{self._prefix}/accounts/{account_id}", f"{self._prefix}/state-keys"
        try:
            answer = self._client().get_parameters(Names=[account_name, keys_name], WithDecryption=True)
            values = {item["Name"]: item["Value"] for item in answer["Parameters"]}
        except Exception as error:
            raise StoreUnavailableError("SSM did not return the account's parameters") from error
        document = _document(values.get(account_name))
        if account_name not in values:
            return _Entry(None, None, (), (), now)
        hashes = _hashes(document)
        try:
            if not isinstance(document, dict):
                raise wrong_setting(account_id, "document", "a JSON object")
            account, problem = Tenant.from_document(account_id, document), None
        except MisconfiguredError as error:
            account, problem = Tenant(id=account_id), error
        return _Entry(account, problem, hashes, _keys(_document(values.get(keys_name))), now)


def _document(value: object) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _hashes(document: Any) -> tuple[bytes, ...]:
    tokens = document.get("tokens") if isinstance(document, dict) else None
    hashes = [entry.get("sha256") for entry in tokens or () if isinstance(entry, dict)]
    return tuple(h.encode() for h in hashes if isinstance(h, str) and _SHA256.fullmatch(h))[:LIVE_VERSIONS]


def _keys(document: Any) -> tuple[bytes, ...]:
    keys = document if isinstance(document, list) else []
    texts = [entry.get("key") if isinstance(entry, dict) else entry for entry in keys]
    return tuple(text.encode() for text in texts if isinstance(text, str) and len(text) >= 32)[:LIVE_VERSIONS]


def _matches(presented: bytes, hashes: tuple[bytes, ...]) -> bool:
    # Every hash is compared whatever the first says, so that the time tells nothing.
    results = [hmac.compare_digest(presented, known) for known in hashes]
    return any(results)
