"""Changes to tenants by an operator: a live token is removed only on request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from kazoo_pivot import NotAuthenticatedError
from pivot_app.tenants import (
    SCOPES,
    Scope,
    Tenant,
    TenantItem,
    TenantStore,
    holds_old,
    is_issued_form,
    issue,
    old_digest,
    parameter_document,
    verify,
)
from pivotctl.deployment import Deployment, parameter_prefix
from pivotctl.errors import WRONG_USAGE, UserError
from pivotctl.tokens._keys import StageKeys

MOST_TOKENS = 16
OLD_ID_CHARACTERS = 12

Document = dict[str, Any]


class TokenError(UserError):
    """The command cannot be carried out; the message says what to do instead."""


class TokenUsageError(TokenError):
    """An argument is wrong; the message says what to give."""

    exit_code = WRONG_USAGE


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """The tokens of a new tenant, shown once."""

    pivot: str
    webhook: str


@dataclass(frozen=True, slots=True)
class RevokedToken:
    """A token that was revoked; left: how many of its scope are still live."""

    id: str
    scope: str
    created: str
    left: int


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token that is live, as it may be shown.

    scope: `pivot`, `webhook`, or `both` for an old token
    """

    id: str
    scope: str
    created: str


@dataclass(frozen=True, slots=True)
class TenantAdmin:
    """The tenants of a stage: their table and the keys that make tokens."""

    store: TenantStore
    keys: StageKeys

    @classmethod
    def of(cls, deployment: Deployment) -> TenantAdmin:
        """Return the tenants of a deployment."""
        return cls.at(
            deployment.client, deployment.output("TenantsTable"), parameter_prefix(deployment.stage)
        )

    @classmethod
    def at(cls, client: Callable[[str], Any], table: str, prefix: str) -> TenantAdmin:
        """Return the tenants in a table, with keys below a prefix; `client` makes a client of a service."""
        return cls(TenantStore(client("dynamodb"), table), StageKeys(client("ssm"), prefix))

    def settings(self, account_id: str) -> Document | None:
        """Return the settings of a KAZOO account, None where it is unknown."""
        item = self.store.get(account_id, consistent=True)
        return None if item is None else item.settings

    def is_live(self, account_id: str, text: str, scope: Scope) -> bool:
        """Return whether this is a live token of a KAZOO account for this scope."""
        item = self.store.get(account_id, consistent=True)
        if item is None:
            return False
        try:
            if not is_issued_form(text):
                return holds_old(item, old_digest(text))
            token = verify(text, self.keys.token_keys())
        except NotAuthenticatedError:
            return False
        return token.account_id == account_id and token.scope == scope and item.holds(token.id, scope)

    def remove(self, account_id: str) -> None:
        """Remove a KAZOO account with its tokens and settings."""
        self.store.delete(account_id)

    def create(self, account_id: str, settings: Document, *, now: datetime | None = None) -> IssuedTokens:
        """Let a KAZOO account in with these settings; return its first tokens, one for each door."""
        check_account_id(account_id)
        check_settings(account_id, settings)
        self._check_moved(account_id)
        if self.store.get(account_id, consistent=True) is not None:
            raise TokenError(
                f"KAZOO account {account_id} is known already: `pivot token rotate` makes another token, "
                "`pivot token set` changes its settings"
            )
        self.keys.ensure(now=now)
        texts: dict[str, str] = {}
        tokens: dict[str, Mapping[str, str]] = {}
        for scope in SCOPES:
            texts[scope], entry = self._issued(account_id, scope, now)
            tokens |= entry
        self.store.put(TenantItem(account_id=account_id, settings=settings, tokens=tokens))
        return IssuedTokens(pivot=texts["pivot"], webhook=texts["webhook"])

    def rotate(self, account_id: str, scope: Scope, *, now: datetime | None = None) -> str:
        """Make another token; every other one stays live."""
        item = self._existing(account_id)
        if len(item.tokens) >= MOST_TOKENS:
            raise TokenError(
                f"KAZOO account {account_id} has {len(item.tokens)} live tokens, {MOST_TOKENS} at most: "
                "revoke one with `pivot token revoke`"
            )
        self.keys.ensure(now=now)
        text, entry = self._issued(account_id, scope, now)
        self.store.put(replace(item, tokens={**item.tokens, **entry}))
        return text

    def find(self, account_id: str, beginning: str) -> tuple[LiveToken, int]:
        """Return the one live token whose id begins so, and how many others of its scope there are."""
        live = self.live(account_id)
        found = [token for token in live if token.id.startswith(beginning)]
        if len(found) != 1 or not beginning:
            ids = ", ".join(token.id for token in live) or "none"
            raise TokenError(
                f"{len(found)} live tokens of {account_id} begin with {beginning!r}; live are: {ids}"
            )
        (token,) = found
        doors = {"both": ("pivot", "webhook")}.get(token.scope, (token.scope,))
        others = min(
            sum(other.id != token.id and other.scope in (door, "both") for other in live) for door in doors
        )
        return token, others

    def revoke(self, account_id: str, beginning: str) -> RevokedToken:
        """Revoke one live token."""
        token, left = self.find(account_id, beginning)
        item = self._existing(account_id)
        if token.scope == "both":
            kept = tuple(each for each in item.old_tokens if not each["sha256"].startswith(token.id))
            self.store.put(replace(item, old_tokens=kept))
            moved = dict(self.store.old_tokens() or {})
            self.store.put_old_tokens(
                {digest: owner for digest, owner in moved.items() if not digest.startswith(token.id)}
            )
        else:
            self.store.put(
                replace(item, tokens={name: each for name, each in item.tokens.items() if name != token.id})
            )
        return RevokedToken(token.id, token.scope, token.created, left)

    def live(self, account_id: str) -> list[LiveToken]:
        """Return the live tokens of a KAZOO account, oldest first."""
        return live_tokens(self._existing(account_id))

    def change(self, account_id: str, settings: Document) -> Document:
        """Change settings, of Live Debug one by one; return all settings as they now are."""
        item = self._existing(account_id)
        debug = {**item.settings.get("debug", {}), **settings.get("debug", {})}
        changed = {**item.settings, **settings, **({"debug": debug} if debug else {})}
        check_settings(account_id, changed)
        self.store.put(replace(item, settings=changed))
        return changed

    def tokens_by_key(self) -> Counter[str]:
        """Return how many live tokens were made with each key."""
        return Counter(str(token.get("key")) for item in self.tenants() for token in item.tokens.values())

    def tenants(self) -> list[TenantItem]:
        """Return every tenant."""
        return self.store.all()

    def in_ssm(self) -> list[str]:
        """Return the KAZOO accounts that are in SSM, where they were before `pivot token migrate`."""
        return sorted(name.rpartition("/")[2] for name in self.parameters("accounts"))

    def parameters(self, below: str) -> dict[str, str]:
        """Return the parameters below a path, by their whole names."""
        found: dict[str, str] = {}
        arguments: dict[str, Any] = {
            "Path": f"{self.keys.prefix}/{below}",
            "Recursive": True,
            "WithDecryption": True,
            "MaxResults": 10,
        }
        while True:
            page = self.keys.ssm.get_parameters_by_path(**arguments)
            found |= {item["Name"]: item["Value"] for item in page["Parameters"]}
            if not page.get("NextToken"):
                return found
            arguments["NextToken"] = page["NextToken"]

    def _check_moved(self, account_id: str) -> None:
        """Refuse to make a tenant that SSM still holds; close the change-over where SSM holds none."""
        if self.store.old_tokens() is not None:
            return
        waiting = self.in_ssm()
        if account_id in waiting:
            raise TokenError(
                f"KAZOO account {account_id} is in SSM: `pivot token migrate` moves it, its tokens stay live"
            )
        if not waiting:
            self.store.put_old_tokens({})

    def _existing(self, account_id: str) -> TenantItem:
        check_account_id(account_id)
        item = self.store.get(account_id, consistent=True)
        if item is not None:
            return item
        name = f"{self.keys.prefix}/accounts/{account_id}"
        found = self.keys.ssm.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
        if found and parameter_document(found[0]["Value"]) and self.store.old_tokens() is None:
            raise TokenError(f"KAZOO account {account_id} is still in SSM: run `pivot token migrate` first")
        raise TokenError(f"KAZOO account {account_id} is unknown here; `pivot token create` adds it")

    def _issued(
        self, account_id: str, scope: Scope, now: datetime | None
    ) -> tuple[str, dict[str, Mapping[str, str]]]:
        key_id, key = self.keys.token_key()
        text, token = issue(scope, account_id, key_id, key)
        created = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        return text, {token.id: {"scope": scope, "key": key_id, "created": created}}


def live_tokens(item: TenantItem) -> list[LiveToken]:
    """Return the live tokens of a tenant, oldest first."""
    old = [
        LiveToken(each["sha256"][:OLD_ID_CHARACTERS], "both", each.get("created", "?"))
        for each in item.old_tokens
    ]
    new = [LiveToken(name, each["scope"], each.get("created", "?")) for name, each in item.tokens.items()]
    return sorted([*old, *new], key=lambda token: (token.created, token.scope))


def check_account_id(account_id: str) -> None:
    """Raise TokenUsageError where a KAZOO Account-ID is none."""
    if not re.fullmatch("[0-9a-f]{32}", account_id):
        raise TokenUsageError(
            f"{account_id!r} is not the id of a KAZOO account: 32 hex characters in lower case"
        )


def check_settings(account_id: str, settings: Mapping[str, Any]) -> None:
    """Raise MisconfiguredError for a setting's form, TokenUsageError for an unknown region or time zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from phonenumbers import SUPPORTED_REGIONS

    tenant = Tenant.from_document(account_id, settings)
    if tenant.region not in SUPPORTED_REGIONS:
        raise TokenUsageError(f"region {tenant.region!r}: give an ISO 3166 country, such as US")
    try:
        ZoneInfo(tenant.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TokenUsageError(
            f"time zone {tenant.time_zone!r}: give an IANA name, such as Europe/Paris"
        ) from None


def shown(tokens: Iterable[LiveToken]) -> list[str]:
    """Return a line for each token: what it is called, what it opens, how old it is."""
    doors = {"both": "both (an old token)", "pivot": "pivot", "webhook": "webhook"}
    return [f"{token.id}  {doors[token.scope]}  of {token.created}" for token in tokens]
