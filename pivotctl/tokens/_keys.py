"""The keys of a stage, as an operator makes them: published first, used when every function has read them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from kazoo_pivot import KEEP_S
from pivot_app.tenants import STATE_KEYS, TOKEN_KEYS
from pivotctl.errors import UserError

# Functions remember keys for a minute; the rest is for a function that was reading just then.
PUBLISHED_BEFORE_S = 120
# A parameter takes 4 KB.
MOST_KEYS = 20

Entry = dict[str, Any]


class TooManyKeysError(UserError):
    """A parameter has no room for the keys that are still needed."""


@dataclass(frozen=True, slots=True)
class StageKeys:
    """The parameters with the keys of a stage; ssm: a client of SSM, prefix: such as /pivot-lambda/dev."""

    ssm: Any
    prefix: str

    def ensure(self, *, now: datetime | None = None) -> None:
        """Make the first keys where there are none."""
        now = now or datetime.now(UTC)
        if not self.read(TOKEN_KEYS):
            self._put(TOKEN_KEYS, [_entry([], now, now)])
        if not self.read(STATE_KEYS):
            # Chains started with an old key go on.
            before = [_with_id(entry, number) for number, entry in enumerate(self.read("state-keys"))]
            self._put(STATE_KEYS, before or [_entry([], now, now)])

    def token_key(self) -> tuple[str, bytes]:
        """Return the key that makes tokens now."""
        now_s = int(datetime.now(UTC).timestamp())
        entries = self.read(TOKEN_KEYS)
        entry = next((each for each in entries if each.get("from", 0) <= now_s), entries[-1])
        return str(entry["id"]), str(entry["key"]).encode()

    def token_keys(self) -> dict[str, bytes]:
        """Return the keys that made tokens, by their ids."""
        return {str(entry["id"]): str(entry["key"]).encode() for entry in self.read(TOKEN_KEYS)}

    def rotate_state_key(self, *, now: datetime | None = None) -> datetime:
        """Publish a new key for state; return the time from which it signs.

        No call in progress breaks: functions verify with the new key before anything is signed with it, and
        an older key stays as long as a call that it signed may go on.
        """
        now = now or datetime.now(UTC)
        self.ensure(now=now)
        starts = datetime.fromtimestamp(now.timestamp() + PUBLISHED_BEFORE_S, UTC)
        entries = self.read(STATE_KEYS)
        entries = [_entry(entries, now, starts), *entries]
        kept = [entries[0]]
        for newer, entry in pairwise(entries):
            if newer.get("from", 0) + KEEP_S > now.timestamp():
                kept.append(entry)
        if len(kept) > MOST_KEYS:
            raise TooManyKeysError(f"{len(kept)} keys may have signed a call that goes on; try in some hours")
        self._put(STATE_KEYS, kept)
        return starts

    def rotate_token_key(
        self, used: Collection[str], *, now: datetime | None = None
    ) -> tuple[str, datetime, list[str]]:
        """Publish a new key for tokens; return its id, its start time, and the keys that ended.

        No token falls out: a key stays while a live token was made with it. `used` are the keys of those.
        """
        now = now or datetime.now(UTC)
        self.ensure(now=now)
        starts = datetime.fromtimestamp(now.timestamp() + PUBLISHED_BEFORE_S, UTC)
        entries = self.read(TOKEN_KEYS)
        now_s = int(now.timestamp())
        making = next((each for each in entries if each.get("from", 0) <= now_s), entries[-1])
        # Newer ones than the key that makes tokens now are published and wait: they stay, too.
        waiting = entries[: entries.index(making)]
        kept = [each for each in entries if each in waiting or each is making or str(each["id"]) in used]
        if len(kept) >= MOST_KEYS:
            raise TooManyKeysError(
                f"{len(kept)} keys made live tokens, {MOST_KEYS} at most: revoke the oldest tokens first"
            )
        new = _entry(entries, now, starts)
        self._put(TOKEN_KEYS, [new, *kept])
        return new["id"], starts, [str(each["id"]) for each in entries if each not in kept]

    def read(self, name: str) -> list[Entry]:
        """Return the keys a parameter holds, newest first."""
        found = self.ssm.get_parameters(Names=[f"{self.prefix}/{name}"], WithDecryption=True)["Parameters"]
        entries = json.loads(found[0]["Value"]) if found else []
        return [entry if isinstance(entry, dict) else {"key": entry} for entry in entries]

    def _put(self, name: str, entries: list[Entry]) -> None:
        self.ssm.put_parameter(
            Name=f"{self.prefix}/{name}",
            Value=json.dumps(entries, separators=(",", ":")),
            Type="SecureString",
            Overwrite=True,
        )


def _entry(entries: list[Entry], now: datetime, starts: datetime) -> Entry:
    numbers = [
        int(str(entry.get("id", "k0"))[1:] or 0) for entry in entries if str(entry.get("id", "")) > "k"
    ]
    return {
        "id": f"k{max(numbers, default=0) + 1}",
        "key": secrets.token_urlsafe(32),
        "created": now.isoformat(timespec="seconds"),
        "from": int(starts.timestamp()),
    }


def _with_id(entry: Entry, number: int) -> Entry:
    return {"id": f"k0{number}", "from": 0, **entry}
