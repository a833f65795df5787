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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from kazoo_pivot._errors import Misconfigured, NotAuthenticated, StoreUnavailable

LIVE_VERSIONS = 2
KNOWN_FOR_S = 60.0
UNKNOWN_FOR_S = 15.0
# A wrong token makes us look again, as it may be a new one; no sooner than this, so that guessing is free.
LOOK_AGAIN_AFTER_S = 5.0
# While SSM fails, what was known keeps answering this long; it bounds how late a revocation may count.
STALE_FOR_S = 900.0
CACHED_ACCOUNTS = 1_024

_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?")
# Fit for a URL, a header and JSON as it is, so that it can be found and removed wherever it stands.
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DebugSettings:
    """Live Debug of one KAZOO account.

    enabled: record exchanges; sample: the share of calls recorded, 0 to 1
    callbacks: only these callbacks, empty for all; mask_numbers: hide all but the last digits of numbers
    keep_days: how long an exchange is kept; shards: of the account's list
    """

    enabled: bool = False
    sample: float = 1.0
    callbacks: frozenset[str] = frozenset()
    mask_numbers: bool = True
    keep_days: int = 14
    shards: int = 1

    def wants(self, callback: str, call_id: str) -> bool:
        """Return whether to record this callback's exchanges of this call: all of a call, or none."""
        if not self.enabled or (self.callbacks and callback not in self.callbacks):
            return False
        draw = int.from_bytes(hashlib.sha256(call_id.encode()).digest()[:4], "big")
        return draw < self.sample * 2**32


@dataclass(frozen=True, slots=True, kw_only=True)
class KazooAccount:
    """The settings of a KAZOO account.

    kazoo_version: which KAZOO its answers must be valid on
    language: for callers whose request names none; region: ISO country of numbers in national form
    time_zone: IANA name, for greetings and opening hours
    """

    id: str
    kazoo_version: Literal["4.3", "5"] = "4.3"
    language: str = "en-us"
    region: str = "US"
    time_zone: str = "UTC"
    debug: DebugSettings = field(default_factory=DebugSettings)

    @classmethod
    def from_document(cls, account_id: str, document: Mapping[str, Any]) -> Self:
        """Read the stored document; Misconfigured names the wrong setting."""
        debug = document.get("debug") or {}
        if not isinstance(debug, dict):
            raise _wrong(account_id, "debug", "an object")
        version = document.get("kazoo_version", "4.3")
        if version not in ("4.3", "5"):
            raise _wrong(account_id, "kazoo_version", '"4.3" or "5"')
        language = str(document.get("language", "en-us")).lower()
        if not _LANGUAGE.fullmatch(language):
            raise _wrong(account_id, "language", "such as en-us")
        sample, keep_days, shards = (
            debug.get(k, d) for k, d in (("sample", 1), ("keep_days", 14), ("shards", 1))
        )
        if isinstance(sample, bool) or not isinstance(sample, int | float) or not 0 <= sample <= 1:
            raise _wrong(account_id, "debug.sample", "a number from 0 to 1")
        if not isinstance(keep_days, int) or not 1 <= keep_days <= 400:
            raise _wrong(account_id, "debug.keep_days", "from 1 to 400")
        if not isinstance(shards, int) or not 1 <= shards <= 64:
            raise _wrong(account_id, "debug.shards", "from 1 to 64")
        return cls(
            id=account_id,
            kazoo_version=version,
            language=language,
            region=str(document.get("region", "US")).upper(),
            time_zone=str(document.get("time_zone", "UTC")),
            debug=DebugSettings(
                enabled=debug.get("enabled") is True,
                sample=float(sample),
                callbacks=frozenset(map(str, debug.get("callbacks") or ())),
                mask_numbers=debug.get("mask_numbers", True) is not False,
                keep_days=keep_days,
                shards=shards,
            ),
        )


def _wrong(account_id: str, setting: str, expected: str) -> Misconfigured:
    return Misconfigured(
        f"KAZOO account {account_id}: setting {setting} must be {expected}; set it with `pivot token set`"
    )


def token_digest(token: str | None) -> str:
    """The SHA-256 of a token as SSM holds it; NotAuthenticated where it has not the form of a token."""
    if not token:
        raise NotAuthenticated("no_token")
    if not _TOKEN.fullmatch(token):
        raise NotAuthenticated("wrong_token")
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Entry:
    account: KazooAccount | None
    problem: Misconfigured | None
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

    def authenticate(self, account_id: str, token: str | None) -> tuple[KazooAccount, tuple[bytes, ...]]:
        """Return the account and the state-signing keys, newest first.

        NotAuthenticated when the token is no live one of this account; StoreUnavailable when SSM fails.
        """
        return self.authenticate_digest(account_id, token_digest(token))

    def authenticate_digest(self, account_id: str, digest: str) -> tuple[KazooAccount, tuple[bytes, ...]]:
        """As `authenticate`, for a token of which only its `token_digest` was kept."""
        presented = digest.encode()
        entry = self._entry(account_id, max_age_s=KNOWN_FOR_S)
        if not _matches(presented, entry.hashes):
            entry = self._entry(account_id, max_age_s=LOOK_AGAIN_AFTER_S)
            if not _matches(presented, entry.hashes):
                raise NotAuthenticated("unknown_account" if entry.account is None else "wrong_token")
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
        except StoreUnavailable:
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
            raise StoreUnavailable("SSM did not return the account's parameters") from error
        document = _document(values.get(account_name))
        if account_name not in values:
            return _Entry(None, None, (), (), now)
        hashes = _hashes(document)
        try:
            if not isinstance(document, dict):
                raise _wrong(account_id, "document", "a JSON object")
            account, problem = KazooAccount.from_document(account_id, document), None
        except Misconfigured as error:
            account, problem = KazooAccount(id=account_id), error
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
