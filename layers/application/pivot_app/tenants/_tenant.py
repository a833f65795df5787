"""The settings of a KAZOO account as this application keeps them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kazoo_pivot import KazooAccount, MisconfiguredError

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")


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
class Tenant(KazooAccount):
    """A KAZOO account's settings as this application needs them.

    sources: addresses (CIDR) its requests must come from; empty lets every address ask
    sub_accounts: KAZOO accounts whose events its webhooks may bring; `*` is every one
    require_pin: a caller's number alone opens no account; pin_failures_per_hour: over all its accounts
    """

    debug: DebugSettings = field(default_factory=DebugSettings)
    sources: tuple[str, ...] = ()
    sub_accounts: frozenset[str] = frozenset()
    require_pin: bool = False
    pin_failures_per_hour: int = 300

    def lets_in(self, source_ip: str) -> bool:
        """Return whether a request from this address may ask."""
        if not self.sources:
            return True
        from ipaddress import ip_address, ip_network

        try:
            address = ip_address(source_ip)
        except ValueError:
            return False
        return any(address in ip_network(source) for source in self.sources)

    def answers_for(self, account_id: str) -> bool:
        """Return whether its webhooks may bring events of this KAZOO account."""
        return account_id == self.id or account_id in self.sub_accounts or "*" in self.sub_accounts

    @classmethod
    def from_document(cls, account_id: str, document: Mapping[str, Any]) -> Self:
        """Read the stored document; MisconfiguredError names the wrong setting."""
        debug = document.get("debug") or {}
        if not isinstance(debug, dict):
            raise wrong_setting(account_id, "debug", "an object")
        version = document.get("kazoo_version", "4.3")
        if version not in ("4.3", "5"):
            raise wrong_setting(account_id, "kazoo_version", '"4.3" or "5"')
        language = str(document.get("language", "en-us")).lower()
        if not _LANGUAGE.fullmatch(language):
            raise wrong_setting(account_id, "language", "such as en-us")
        sample, keep_days, shards = (
            debug.get(k, d) for k, d in (("sample", 1), ("keep_days", 14), ("shards", 1))
        )
        if isinstance(sample, bool) or not isinstance(sample, int | float) or not 0 <= sample <= 1:
            raise wrong_setting(account_id, "debug.sample", "a number from 0 to 1")
        if not isinstance(keep_days, int) or not 1 <= keep_days <= 400:
            raise wrong_setting(account_id, "debug.keep_days", "from 1 to 400")
        if not isinstance(shards, int) or not 1 <= shards <= 64:
            raise wrong_setting(account_id, "debug.shards", "from 1 to 64")
        sub_accounts = _texts(account_id, document, "sub_accounts")
        failures = document.get("pin_failures_per_hour", 300)
        if isinstance(failures, bool) or not isinstance(failures, int) or not 1 <= failures <= 100_000:
            raise wrong_setting(account_id, "pin_failures_per_hour", "from 1 to 100000")
        return cls(
            id=account_id,
            sources=_sources(account_id, document),
            sub_accounts=frozenset(sub_accounts),
            require_pin=document.get("require_pin") is True,
            pin_failures_per_hour=failures,
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


def wrong_setting(account_id: str, setting: str, expected: str) -> MisconfiguredError:
    """Return the error that names a wrong setting and the remedy."""
    return MisconfiguredError(
        f"KAZOO account {account_id}: setting {setting} must be {expected}; set it with `pivot token set`"
    )


def _texts(account_id: str, document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = document.get(name) or ()
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise wrong_setting(account_id, name, "a list of texts")
    return tuple(values)


def _sources(account_id: str, document: Mapping[str, Any]) -> tuple[str, ...]:
    sources = _texts(account_id, document, "sources")
    if sources:
        from ipaddress import ip_network

        try:
            for source in sources:
                ip_network(source)
        except ValueError:
            raise wrong_setting(
                account_id, "sources", "networks such as 203.0.113.0/24 or 2001:db8::/32"
            ) from None
    return sources
