"""Tenants in memory: a table and an SSM that count what they are asked and fail on demand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from kazoo_pivot import StoreUnavailableError
from pivot_app.aws import Parameters
from pivot_app.tenants import KeyRing, OldTokens, Scope, TenantDirectory, TenantItem
from pivot_app.tenants._store import DIGEST_SHOWN
from pivot_app.tenants._tokens import issue

ACCOUNT = "c0705d7474ea0160c10a351b2544006b"
OTHER = "d1816e8585fb1271d21b462c3655117c"
KEY = b"k" * 43


class Clock:
    """Seconds, as told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class MemoryTenants:
    """The table of tenants, in memory."""

    def __init__(self) -> None:
        self.items: dict[str, TenantItem] = {}
        self.moved: dict[str, str] | None = {}
        self.requests = 0
        self.fails = False

    def get(self, account_id: str) -> TenantItem | None:
        """As the table."""
        self._ask()
        return self.items.get(account_id)

    def old_tokens(self) -> Mapping[str, str] | None:
        """As the table."""
        self._ask()
        return self.moved

    def _ask(self) -> None:
        self.requests += 1
        if self.fails:
            raise StoreUnavailableError("the table is unavailable")


class MemorySsm:
    """SSM with parameters of our choice."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.requests = 0
        self.error: Exception | None = None

    def get_parameters(self, Names: list[str], WithDecryption: bool) -> dict[str, Any]:  # noqa: N803
        """As botocore's."""
        self.requests += 1
        assert WithDecryption
        if self.error:
            raise self.error
        found = [name for name in Names if name in self.values]
        return {"Parameters": [{"Name": name, "Value": json.dumps(self.values[name])} for name in found]}


@dataclass
class Door:
    """A directory of tenants, and all it stands on."""

    table: MemoryTenants = field(default_factory=MemoryTenants)
    ssm: MemorySsm = field(default_factory=MemorySsm)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.ssm.values["/p/keys/tokens"] = [{"id": "k1", "key": KEY.decode(), "from": 0}]
        self.ssm.values["/p/keys/state"] = [{"id": "k1", "key": "s" * 43, "from": 0}]
        self.directory = self.instance()

    def instance(self) -> TenantDirectory:
        """Another instance of a function: nothing is remembered."""

        def parameters() -> Parameters:
            return Parameters(lambda: self.ssm, "/p", clock=self.clock, sleep=lambda _: None)

        old = OldTokens(lambda: self.table, parameters(), self.clock)
        keys = KeyRing(parameters(), self.clock)
        return TenantDirectory(lambda: self.table, keys, old, self.clock)

    def instance_that_does_not_wait(self) -> TenantDirectory:
        """An instance whose first look at the keys is its only one: a test plays the waiting itself."""

        def once(_: float) -> None:
            raise StoreUnavailableError("it would wait")

        parameters = Parameters(lambda: self.ssm, "/p", clock=self.clock, sleep=once)
        old = OldTokens(lambda: self.table, parameters, self.clock)
        return TenantDirectory(lambda: self.table, KeyRing(parameters, self.clock), old, self.clock)

    @property
    def requests(self) -> int:
        """How often AWS was asked."""
        return self.table.requests + self.ssm.requests

    def let_in(self, account_id: str = ACCOUNT, *scopes: Scope, **settings: Any) -> list[str]:
        """Issue a token for each scope; return them."""
        texts, tokens = [], {}
        for scope in scopes or ("pivot",):
            text, token = issue(scope, account_id, "k1", KEY)
            texts.append(text)
            tokens[token.id] = {"scope": scope, "created": "2026-01-01"}
        self.table.items[account_id] = TenantItem(account_id=account_id, settings=settings, tokens=tokens)
        return texts

    def let_in_old(self, *texts: str, account_id: str = ACCOUNT) -> None:
        """Let old tokens in that were moved into the table."""
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        old = tuple({"sha256": digest, "created": "2025-01-01"} for digest in digests)
        self.table.items[account_id] = TenantItem(account_id=account_id, old_tokens=old)
        self.table.moved = {
            **(self.table.moved or {}),
            **{digest[:DIGEST_SHOWN]: account_id for digest in digests},
        }

    def let_in_ssm(self, *texts: str, account_id: str = ACCOUNT, **settings: Any) -> None:
        """Let old tokens in as it was before `pivot token migrate`."""
        hashes = [{"sha256": hashlib.sha256(text.encode()).hexdigest()} for text in texts]
        self.ssm.values[f"/p/accounts/{account_id}"] = {"tokens": hashes, **settings}
        self.table.moved = None


@pytest.fixture
def door() -> Door:
    """A door with keys and no tenant."""
    return Door()
