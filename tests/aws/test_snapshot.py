"""A function restored from a snapshot by SnapStart: its state is kept, the clock has moved."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

from kazoo_pivot import NotAuthenticatedError
from pivot_app.aws import Cache, snapshot
from tests.tenants.conftest import ACCOUNT, Door


def test_a_token_revoked_since_the_snapshot_is_refused() -> None:
    """Although the monotonic clock shows no time since, so that what was read looks fresh."""
    door = Door()
    (token,) = door.let_in()
    door.directory.authenticate(ACCOUNT, token)
    door.table.items.clear()
    door.directory.authenticate(ACCOUNT, token)
    snapshot.renew()
    with pytest.raises(NotAuthenticatedError):
        door.directory.authenticate(ACCOUNT, token)


def test_the_keys_are_read_again() -> None:
    """A key that was rotated since is not known to the snapshot."""
    door = Door()
    (token,) = door.let_in()
    door.directory.authenticate(ACCOUNT, token)
    asked = door.ssm.requests
    snapshot.renew()
    door.directory.authenticate(ACCOUNT, token)
    assert door.ssm.requests == asked + 1


def test_every_cache_is_empty_afterwards() -> None:
    """Bytes are counted from zero again."""
    cache: Cache[str] = Cache(2, 60, max_bytes=10)
    cache.put("name", "value", size_bytes=10)
    snapshot.renew()
    assert len(cache) == 0
    cache.put("other", "value", size_bytes=10)
    assert cache.get("other") == "value"


INSTANCES = """
import os, random
from kazoo_pivot import CallKey
from pivot_app.aws import snapshot
for _ in range(5):
    child = os.fork()
    if child == 0:
        snapshot.renew()
        print(CallKey.mint("account", "call", 0).nonce, random.random(), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def test_no_two_instances_of_one_snapshot_make_the_same_nonce() -> None:
    """Processes that start from one memory, as instances do: nonces and pauses between tries differ."""
    printed = subprocess.run(
        [sys.executable, "-c", INSTANCES], capture_output=True, text=True, check=True
    ).stdout
    nonces, pauses = zip(*(line.split() for line in printed.splitlines()), strict=True)
    assert len(set(nonces)) == len(set(pauses)) == 5


def test_the_runtime_renews_after_a_restore(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a function that Lambda initialises for SnapStart registers anything."""
    registered: list[Any] = []
    runtime = ModuleType("snapshot_restore_py")
    runtime.register_after_restore = registered.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", runtime)
    snapshot.register()
    assert registered == []
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    snapshot.register()
    assert registered == [snapshot.renew]
