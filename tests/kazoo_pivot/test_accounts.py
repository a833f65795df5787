"""Who is let in: tokens, their cache and its limits."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError, StoreUnavailableError
from pivot_app.tenants import Tenant
from pivot_app.tenants._directory import (
    CACHED_ACCOUNTS,
    KNOWN_FOR_S,
    LOOK_AGAIN_AFTER_S,
    STALE_FOR_S,
    UNKNOWN_FOR_S,
    AccountDirectory,
)

ACCOUNT = "c0705d7474ea0160c10a351b2544006b"


class FakeSsm:
    """SSM with parameters of our choice, counting and failing on demand."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.requests = 0
        self.error: Exception | None = None

    def get_parameters(self, Names: list[str], WithDecryption: bool) -> dict[str, Any]:  # noqa: N803
        """As botocore's."""
        self.requests += 1
        assert WithDecryption
        if self.error:
            raise self.error
        found = [name for name in Names if name in self.documents]
        return {"Parameters": [{"Name": name, "Value": json.dumps(self.documents[name])} for name in found]}

    def set(self, *tokens: str, **settings: Any) -> None:
        """Give the account these tokens."""
        hashes = [{"sha256": hashlib.sha256(token.encode()).hexdigest()} for token in tokens]
        self.documents[f"/p/accounts/{ACCOUNT}"] = {"tokens": hashes, **settings}


class Clock:
    """Seconds, as told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ssm() -> FakeSsm:
    """Holds one account with the token `new` and the older `old`."""
    fake = FakeSsm()
    fake.set("new", "old")
    fake.documents["/p/state-keys"] = [{"key": "k" * 43}, "j" * 43]
    return fake


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def directory(ssm: FakeSsm, clock: Clock) -> AccountDirectory:
    """A directory of that account."""
    return AccountDirectory("/p", lambda: ssm, clock)


def test_both_live_tokens_are_accepted(directory: AccountDirectory) -> None:
    """The new and the old one, with the state keys newest first."""
    for token in ("new", "old"):
        account, keys = directory.authenticate(ACCOUNT, token)
        assert account == Tenant(id=ACCOUNT)
        assert keys == (b"k" * 43, b"j" * 43)


@pytest.mark.parametrize("token", [None, "", "wrong", "new ", "\ud800", hashlib.sha256(b"new").hexdigest()])
def test_anything_else_is_not(directory: AccountDirectory, token: str | None) -> None:
    """Not even the hash itself."""
    with pytest.raises(NotAuthenticatedError):
        directory.authenticate(ACCOUNT, token)


def test_accounts_are_cached(directory: AccountDirectory, ssm: FakeSsm, clock: Clock) -> None:
    """One request for as long as the cache holds; then a revoked token is one no more."""
    for _ in range(3):
        directory.authenticate(ACCOUNT, "old")
    assert ssm.requests == 1
    ssm.set("new")
    clock.now = KNOWN_FOR_S + 1
    with pytest.raises(NotAuthenticatedError):
        directory.authenticate(ACCOUNT, "old")


def test_a_new_token_counts_at_once(directory: AccountDirectory, ssm: FakeSsm, clock: Clock) -> None:
    """A token the cache does not know makes us look again."""
    directory.authenticate(ACCOUNT, "new")
    ssm.set("newest", "new")
    clock.now = LOOK_AGAIN_AFTER_S + 1
    directory.authenticate(ACCOUNT, "newest")


def test_guessing_does_not_reach_ssm(directory: AccountDirectory, ssm: FakeSsm) -> None:
    """Neither wrong tokens of a known account, nor unknown accounts, are looked up again and again."""
    directory.authenticate(ACCOUNT, "new")
    for attempt in range(20):
        with pytest.raises(NotAuthenticatedError):
            directory.authenticate(ACCOUNT, f"guess-{attempt}")
        with pytest.raises(NotAuthenticatedError):
            directory.authenticate("f" * 32, f"guess-{attempt}")
    assert ssm.requests == 2


def test_an_unknown_account_is_known_soon(directory: AccountDirectory, ssm: FakeSsm, clock: Clock) -> None:
    """What is not found is remembered for a short time only."""
    document = ssm.documents.pop(f"/p/accounts/{ACCOUNT}")
    with pytest.raises(NotAuthenticatedError):
        directory.authenticate(ACCOUNT, "new")
    ssm.documents[f"/p/accounts/{ACCOUNT}"] = document
    clock.now = UNKNOWN_FOR_S + 1
    directory.authenticate(ACCOUNT, "new")


def test_the_cache_has_a_limit(directory: AccountDirectory, ssm: FakeSsm) -> None:
    """Strangers naming many accounts cannot fill the memory."""
    for number in range(CACHED_ACCOUNTS + 10):
        with pytest.raises(NotAuthenticatedError):
            directory.authenticate(f"{number:032x}", "guess")
    assert len(directory._entries) == CACHED_ACCOUNTS


def test_ssm_failing_is_bridged_for_a_while(directory: AccountDirectory, ssm: FakeSsm, clock: Clock) -> None:
    """What was known answers on, though not for ever."""
    directory.authenticate(ACCOUNT, "new")
    ssm.error = TimeoutError()
    clock.now = KNOWN_FOR_S + 1
    directory.authenticate(ACCOUNT, "new")
    clock.now = STALE_FOR_S + 1
    with pytest.raises(StoreUnavailableError):
        directory.authenticate(ACCOUNT, "new")


def test_ssm_failing_from_the_start(directory: AccountDirectory, ssm: FakeSsm) -> None:
    """Nobody is let in, and it is not said to be the token's fault."""
    ssm.error = TimeoutError()
    with pytest.raises(StoreUnavailableError):
        directory.authenticate(ACCOUNT, "new")


@pytest.mark.parametrize(
    "document", ["x", [], {}, {"tokens": "x"}, {"tokens": [{}, 1, {"sha256": "short"}]}, None]
)
def test_a_broken_document_lets_nobody_in(directory: AccountDirectory, ssm: FakeSsm, document: Any) -> None:
    """Closed by default: no readable token, no entry."""
    ssm.documents[f"/p/accounts/{ACCOUNT}"] = document
    with pytest.raises(NotAuthenticatedError):
        directory.authenticate(ACCOUNT, "new")


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"kazoo_version": "6"}, "kazoo_version"),
        ({"language": "english"}, "language"),
        ({"debug": "on"}, "debug"),
        ({"debug": {"sample": 2}}, "debug.sample"),
        ({"debug": {"keep_days": 0}}, "debug.keep_days"),
        ({"debug": {"shards": "many"}}, "debug.shards"),
    ],
)
def test_wrong_settings_are_named(
    directory: AccountDirectory, ssm: FakeSsm, settings: dict[str, Any], name: str
) -> None:
    """Whoever has the token is told it is the settings, by name and with the command that mends them."""
    ssm.set("new", **settings)
    with pytest.raises(MisconfiguredError, match=f"{name}.*pivot token set"):
        directory.authenticate(ACCOUNT, "new")
    with pytest.raises(NotAuthenticatedError):
        directory.authenticate(ACCOUNT, "wrong")
