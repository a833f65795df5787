"""Says who asks: by arithmetic where that is enough, by one cached look-up of the tenant where it is not."""

from __future__ import annotations

import time
from collections.abc import Callable

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError, StateKeys, StoreUnavailableError
from pivot_app.aws.cache import Cache
from pivot_app.lazy_dataclass import dataclass
from pivot_app.tenants._keys import KeyRing
from pivot_app.tenants._old_tokens import OldClaim, OldTokens, holds_old
from pivot_app.tenants._store import TenantItem, TenantReader
from pivot_app.tenants._tenant import Tenant
from pivot_app.tenants._tokens import Scope, Token, is_issued_form, old_digest, seal, verify, verify_sealed

KNOWN_FOR_S = 60.0
# A token that was issued and is not in what is cached may be newer than the cache: rotated and put into
# KAZOO a second ago. The tenant is read again, unless it was read just now; REFUSED_FOR_S bounds these reads.
LOOK_AGAIN_AFTER_S = 0.05
REFUSED_FOR_S = 15.0
# How long the table is left alone for a tenant after it failed.
ASK_AGAIN_AFTER_S = 5.0
# While DynamoDB fails, what was known answers on for this long; it bounds how late a revocation may count.
STALE_FOR_S = 900.0
CACHED_TENANTS = 2_048
CACHED_REFUSALS = 256


_KEPT_DIGEST = "sha256"


def kept_form(token: str) -> str:
    """Return what is kept of a token until it can be checked, which opens nothing itself."""
    return seal(token) if is_issued_form(token) else f"{_KEPT_DIGEST}:{old_digest(token)}"


@dataclass(frozen=True, slots=True)
class _Known:
    item: TenantItem
    tenant: Tenant
    problem: MisconfiguredError | None


class TenantDirectory:
    """The deployment's tenants, for callbacks and for the webhooks' door.

    store: returns the table; keys: of the stage; old: old tokens
    """

    def __init__(
        self,
        store: Callable[[], TenantReader],
        keys: KeyRing,
        old: OldTokens,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._keys = keys
        self._old = old
        self._clock = clock
        self._known: Cache[_Known] = Cache(CACHED_TENANTS, KNOWN_FOR_S, clock)
        self._failed: Cache[bool] = Cache(CACHED_TENANTS, ASK_AGAIN_AFTER_S, clock)
        # By token, never by what a stranger names: only tokens that were issued come this far.
        self._refused: Cache[str] = Cache(CACHED_REFUSALS, REFUSED_FOR_S, clock)

    def authenticate(
        self, account_id: str, token: str | None, source_ip: str = "", *, scope: Scope = "pivot"
    ) -> Tenant:
        """Return the tenant; NotAuthenticatedError unless it has this live token for this scope.

        StoreUnavailableError when a store is unavailable, MisconfiguredError when its settings are invalid.
        """
        return _admitted(self._proven(account_id, self.claim(token, scope), scope), source_ip)

    def authenticate_webhook(self, account_id: str, token: str | None, source_ip: str = "") -> Tenant:
        """Return the tenant whose webhook reports on this KAZOO account: itself, or its parent account.

        As `authenticate`; the tenant's settings list the sub-accounts whose events its webhooks may report.
        """
        return self._of_webhook(account_id, self.claim(token, "webhook"), source_ip)

    def authenticate_kept_webhook(self, account_id: str, kept: str) -> Tenant:
        """As `authenticate_webhook`, for what `kept_form` made of the token."""
        return self._of_webhook(account_id, self._kept_claim(kept, "webhook"), None)

    def authenticate_kept(self, account_id: str, kept: str, *, scope: Scope) -> Tenant:
        """As `authenticate`, for the form that `kept_form` stored while the token could not be checked."""
        return _admitted(self._proven(account_id, self._kept_claim(kept, scope), scope), None)

    def authenticate_token(self, token: str | None, source_ip: str = "", *, scope: Scope) -> Tenant:
        """Return the tenant a token names itself, whatever account the request is about.

        As `authenticate`; NotAuthenticatedError too for an old token that is still in SSM, which names
        nobody.
        """
        claim = self.claim(token, scope)
        if not claim.account_id:
            raise NotAuthenticatedError("token_names_nobody")
        return _admitted(self._live(claim, scope), source_ip)

    def claim(self, token: str | None, scope: Scope) -> Token | OldClaim:
        """Return the content of a token; NotAuthenticatedError when it is forged, or has another scope.

        It makes no look-up; the keys it needs are read once a minute.
        """
        if not token:
            raise NotAuthenticatedError("no_token")
        if not is_issued_form(token):
            return self._old.claim(old_digest(token))
        claim = verify(token, self._keys.tokens())
        if claim.scope != scope:
            raise NotAuthenticatedError("wrong_scope")
        return claim

    def proven(self, account_id: str, token: str | None) -> Tenant | None:
        """Return a tenant with default settings if the token was surely made for it, live or revoked."""
        try:
            claim = self.claim(token, "pivot")
        except (NotAuthenticatedError, StoreUnavailableError):
            return None
        return Tenant(id=account_id) if isinstance(claim, Token) and claim.account_id == account_id else None

    def is_proven(self, token: str | None, scope: Scope) -> bool:
        """Return whether a token was surely made here, though nobody may be able to say if it is live."""
        try:
            return isinstance(self.claim(token, scope), Token)
        except (NotAuthenticatedError, StoreUnavailableError):
            return False

    def _kept_claim(self, kept: str, scope: Scope) -> Token | OldClaim:
        kind, _, digest = kept.partition(":")
        if kind == _KEPT_DIGEST:
            return self._old.claim(digest)
        if not digest:  # queued by a version that kept whole tokens
            return self.claim(kept, scope)
        claim = verify_sealed(kept, self._keys.tokens())
        if claim.scope != scope:
            raise NotAuthenticatedError("wrong_scope")
        return claim

    def account(self, account_id: str) -> Tenant:
        """Return the tenant of a request that its signed state admits; NotAuthenticatedError when unknown."""
        known = self._lookup(account_id, max_age_s=KNOWN_FOR_S)
        if known is None:
            in_ssm = self._old.known_in_ssm(account_id)
            if in_ssm is None:
                raise NotAuthenticatedError("unknown_account")
            known = _known(in_ssm)
        return _admitted(known, None)

    def state_keys(self) -> StateKeys:
        """Return the keys of chained state."""
        return self._keys.state()

    def forget(self) -> None:
        """Forget what is cached."""
        self._known.clear()
        self._refused.clear()
        self._keys.forget()
        self._old.forget()

    def _of_webhook(self, account_id: str, claim: Token | OldClaim, source_ip: str | None) -> Tenant:
        tenant = _admitted(self._proven(claim.account_id or account_id, claim, "webhook"), source_ip)
        if not tenant.answers_for(account_id):
            raise NotAuthenticatedError("foreign_token")
        return tenant

    def _proven(self, account_id: str, claim: Token | OldClaim, scope: Scope) -> _Known:
        if isinstance(claim, OldClaim) and not claim.account_id:
            return _known(self._old.in_ssm(account_id, claim.digest))
        if claim.account_id != account_id:
            raise NotAuthenticatedError("foreign_token")
        return self._live(claim, scope)

    def _live(self, claim: Token | OldClaim, scope: Scope) -> _Known:
        name = claim.id if isinstance(claim, Token) else claim.digest
        refused = self._refused.get(name)
        if refused is not None:
            raise NotAuthenticatedError(refused)
        for max_age_s in (KNOWN_FOR_S, LOOK_AGAIN_AFTER_S):
            known = self._lookup(claim.account_id, max_age_s=max_age_s)
            if known is not None and _holds(known.item, claim, scope):
                return known
        reason = "unknown_account" if known is None else "revoked_token"
        self._refused.put(name, reason)
        raise NotAuthenticatedError(reason)

    def _lookup(self, account_id: str, *, max_age_s: float) -> _Known | None:
        found = self._known.get(account_id, stale=True)
        age = self._known.age_of(account_id) or 0
        if found is not None and age < max_age_s:
            return found
        # A table that hangs takes seconds to fail: not every request waits for that.
        if found is not None and age < STALE_FOR_S and self._failed.get(account_id):
            return found
        try:
            item = self._store().get(account_id)
        except StoreUnavailableError:
            if found is not None and age < STALE_FOR_S:
                self._failed.put(account_id, True)
                return found
            raise
        if item is None:
            self._known.drop(account_id)
            return None
        known = _known(item)
        self._known.put(account_id, known)
        return known


def _known(item: TenantItem) -> _Known:
    try:
        return _Known(item, Tenant.from_document(item.account_id, item.settings), None)
    except MisconfiguredError as error:
        return _Known(item, Tenant(id=item.account_id), error)


def _holds(item: TenantItem, claim: Token | OldClaim, scope: Scope) -> bool:
    if isinstance(claim, Token):
        return item.holds(claim.id, scope)
    return holds_old(item, claim.digest)


def _admitted(known: _Known, source_ip: str | None) -> Tenant:
    if known.problem:
        raise known.problem
    if source_ip is not None and not known.tenant.lets_in(source_ip):
        raise NotAuthenticatedError("wrong_source")
    return known.tenant
