"""The data of a KAZOO cluster: accounts, documents, tokens, CDRs, channels, debug logs."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kazoo_callflow import BlockedHosts
from kazoo_simulator._request import KazooVersion

from ._messages import JsonObject, Request, Response

GREGORIAN_OFFSET_S = 62_167_219_200
SUMMARY: Mapping[str, tuple[str, ...]] = {
    "callflows": ("name", "type", "numbers", "patterns", "owner_id", "group_id", "flags"),
    "users": (
        "username",
        "email",
        "first_name",
        "last_name",
        "priv_level",
        "presence_id",
        "timezone",
        "flags",
    ),
    "devices": ("name", "username", "mac_address", "owner_id", "enabled", "device_type", "flags"),
    "vmboxes": ("name", "mailbox", "owner_id", "flags"),
    "groups": ("name", "flags"),
    "menus": ("name", "flags"),
    "media": ("name", "media_type", "media_source", "language", "is_prompt", "flags"),
    "conferences": ("name", "owner_id", "member", "moderator", "conference_numbers", "flags"),
    "queues": ("name",),
    "faxboxes": ("name",),
    "directories": ("name", "flags"),
    "temporal_rules": ("name", "type", "flags"),
}
"""The collections, and which fields of a document its list shows."""
MODULES = frozenset(SUMMARY) | {
    "about",
    "accounts",
    "api_auth",
    "api_key",
    "cdrs",
    "channels",
    "phone_numbers",
    "pivot",
    "schemas",
    "search",
    "token_auth",
    "webhooks",
}


@dataclass(slots=True)
class Switches:
    """The settings and the simulated faults of this cluster.

    `not_loaded` are modules that the operator did not start. `lost_answers` is how many of the next writes
    take effect without an answer; `rows_before_fault` cuts each long list there, silently as KAZOO does.
    `is_metaflows_running` makes the channels' actions act.
    """

    version: KazooVersion = "4.3"
    not_loaded: frozenset[str] = frozenset()
    is_webhooks_app_down: bool = False
    are_call_managers_silent: bool = False
    is_metaflows_running: bool = True
    token_life_s: int = 3600
    bucket_size: int = 100
    bucket_per_second: float = 10
    channel_wait_s: float = 2.0
    rows_before_fault: int | None = None
    lost_answers: int = 0
    blocked_hosts: BlockedHosts | None = None
    keeps_successful_attempts: bool = False


@dataclass(slots=True)
class Stored:
    """One document; `private` holds what no client sees."""

    id: str
    kind: str
    account_id: str
    data: JsonObject
    generation: int = 1
    digest: str = field(default_factory=lambda: secrets.token_hex(16))
    is_deleted: bool = False
    private: JsonObject = field(default_factory=dict)

    @property
    def revision(self) -> str:
        """The database's revision."""
        return f"{self.generation}-{self.digest}"

    def save(self, data: JsonObject) -> None:
        """Store new public fields as the next revision."""
        self.data = data
        self.generation += 1
        self.digest = secrets.token_hex(16)


@dataclass(slots=True)
class Account:
    """One KAZOO account."""

    id: str
    name: str
    api_key: str
    parent: str | None = None
    realm: str = ""
    numbers: dict[str, JsonObject] = field(default_factory=dict)
    cdrs: dict[str, JsonObject] = field(default_factory=dict)
    debug: list[JsonObject] = field(default_factory=list)
    attempts: list[JsonObject] = field(default_factory=list)


@dataclass(slots=True)
class Channel:
    """A call that is up."""

    account_id: str
    call_id: str
    began_at: float
    caller: str
    dialled: str
    hang_up: Callable[[], None] | None = None
    is_answered: bool = True


class Cluster:
    """A simulated KAZOO cluster's memory; `now` and `sleep` are its clock."""

    def __init__(
        self,
        switches: Switches | None = None,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.switches = switches or Switches()
        self.now = now
        self.sleep = sleep
        self.accounts: dict[str, Account] = {}
        self.documents: dict[str, Stored] = {}
        self.channels: dict[str, Channel] = {}
        self.tokens: dict[str, tuple[str, float]] = {}
        self.buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self.lock = threading.RLock()
        self.faults: list[Callable[[Request], Response | None]] = []
        """Tests may answer a request instead of Crossbar."""
        self.requests: list[Request] = []

    @property
    def version(self) -> KazooVersion:
        """The KAZOO version that is played."""
        return self.switches.version

    @property
    def gregorian_now(self) -> int:
        """The time as KAZOO counts it."""
        return int(self.now()) + GREGORIAN_OFFSET_S

    def add_account(
        self,
        name: str = "Example Ltd",
        *,
        account_id: str | None = None,
        api_key: str | None = None,
        parent: str | None = None,
        numbers: tuple[str, ...] = (),
    ) -> Account:
        """Add an account that owns these numbers, in E.164 form."""
        account = Account(
            id=account_id or new_id(),
            name=name,
            api_key=api_key or secrets.token_hex(32),
            parent=parent,
        )
        account.realm = f"{account.id[:6]}.sip.example.com"
        for number in numbers:
            account.numbers[number] = {
                "state": "in_service",
                "created": self.gregorian_now,
                "updated": self.gregorian_now,
            }
        self.accounts[account.id] = account
        return account

    def add(self, account_id: str, kind: str, data: Mapping[str, Any], document_id: str = "") -> Stored:
        """Store a document without asking Crossbar, as an operator's earlier work."""
        stored = Stored(document_id or new_id(), kind, account_id, dict(data))
        self.documents[stored.id] = stored
        return stored

    def of_kind(self, account_id: str, kind: str) -> list[Stored]:
        """Return the live documents of one kind in an account."""
        return [
            each
            for each in self.documents.values()
            if each.kind == kind and each.account_id == account_id and not each.is_deleted
        ]

    def find(self, account_id: str, kind: str, document_id: str) -> Stored | None:
        """Return a live document; webhooks are found through any account, as in KAZOO."""
        found = self.documents.get(document_id)
        if found is None or found.is_deleted or found.kind != kind:
            return None
        return found if found.account_id == account_id or kind == "webhooks" else None

    def owner_of(self, number: str) -> Account | None:
        """Return the account that owns a number."""
        return next((each for each in self.accounts.values() if number in each.numbers), None)

    def ancestors(self, account_id: str) -> Iterator[str]:
        """Yield an account and everything above it."""
        account: Account | None = self.accounts.get(account_id)
        while account is not None:
            yield account.id
            account = self.accounts.get(account.parent or "")

    def month(self, seconds: float) -> str:
        """Return `YYYYMM` of a moment."""
        return f"{datetime.fromtimestamp(seconds, UTC):%Y%m}"


def new_id() -> str:
    """Return an id as KAZOO makes them: 32 hexadecimal digits."""
    return secrets.token_hex(16)
