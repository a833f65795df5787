"""The KAZOO accounts that may ask: their tokens, settings and keys.

`TenantDirectory` answers callbacks and the webhooks' door; `TenantStore` is the table.
"""

from pivot_app.tenants._directory import KNOWN_FOR_S, TenantDirectory, kept_form
from pivot_app.tenants._keys import STATE_KEYS, TOKEN_KEYS, KeyRing
from pivot_app.tenants._old_tokens import OldClaim, OldTokens, holds_old, parameter_document
from pivot_app.tenants._store import DIGEST_SHOWN, TenantChangedError, TenantItem, TenantStore
from pivot_app.tenants._tenant import DebugSettings, Tenant
from pivot_app.tenants._tokens import SCOPES, Scope, Token, is_issued_form, issue, old_digest, verify

__all__ = [
    "DIGEST_SHOWN",
    "KNOWN_FOR_S",
    "SCOPES",
    "STATE_KEYS",
    "TOKEN_KEYS",
    "DebugSettings",
    "KeyRing",
    "OldClaim",
    "OldTokens",
    "Scope",
    "Tenant",
    "TenantChangedError",
    "TenantDirectory",
    "TenantItem",
    "TenantStore",
    "Token",
    "holds_old",
    "is_issued_form",
    "issue",
    "kept_form",
    "old_digest",
    "parameter_document",
    "verify",
]
