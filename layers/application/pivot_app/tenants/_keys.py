"""The keys of a stage, one set for all its tenants: those that make tokens, and those that sign state.

`{prefix}/keys/tokens` and `{prefix}/keys/state` hold JSON lists, newest first:
[{"id": "k2", "key": "...", "created": "...", "from": epoch seconds}]. A key is published before it is used:
functions verify with it as soon as they read it, and sign with it only from its `from` on, when every
instance has read it. `{prefix}/state-keys` is where the keys of state were before `pivot token migrate`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from kazoo_pivot import StateKeys
from pivot_app.aws.parameters import Parameters
from pivot_app.lazy_dataclass import dataclass

TOKEN_KEYS = "keys/tokens"  # noqa: S105 - the name of a parameter
STATE_KEYS = "keys/state"
OLD_STATE_KEYS = "state-keys"
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Key:
    """One key; from_s: the time in epoch seconds from which new tokens are made with it."""

    id: str
    secret: bytes = field(repr=False)
    from_s: int = 0


class KeyRing:
    """The keys as functions know them; both sets come with one request."""

    def __init__(self, parameters: Parameters, now_s: Callable[[], float] = time.time) -> None:
        self._parameters = parameters
        self._now_s = now_s

    def state(self) -> StateKeys:
        """Return the keys of chained state, if there are any; StoreUnavailableError as `Parameters`."""
        found = self._read()
        keys = keys_of(found.get(STATE_KEYS) or found.get(OLD_STATE_KEYS))
        signing = in_use(keys, self._now_s())
        return StateKeys(signing.secret if signing else b"", tuple(key.secret for key in keys))

    def tokens(self) -> dict[str, bytes]:
        """Return the keys that make tokens, by their ids."""
        return {key.id: key.secret for key in keys_of(self._read().get(TOKEN_KEYS))}

    def forget(self) -> None:
        """Clear the cache."""
        self._parameters.forget()

    def _read(self) -> Mapping[str, str]:
        return self._parameters.get(TOKEN_KEYS, STATE_KEYS, OLD_STATE_KEYS)


def keys_of(value: str | None) -> list[Key]:
    """Return the keys that a parameter holds, newest first; what is not a key is left out."""
    try:
        entries: Any = json.loads(value or "[]")
    except ValueError:
        return []
    keys = []
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        given = entry if isinstance(entry, dict) else {"key": entry}
        secret, starts = given.get("key"), given.get("from", 0)
        if isinstance(secret, str) and len(secret) >= SHORTEST_KEY and isinstance(starts, int):
            keys.append(Key(str(given.get("id", number)), secret.encode(), starts))
    return keys


def in_use(keys: list[Key], now_s: float) -> Key | None:
    """Return the newest key that is used already; the oldest where each is still to come."""
    return next((key for key in keys if key.from_s <= now_s), keys[-1] if keys else None)
