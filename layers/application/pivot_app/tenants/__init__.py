"""The KAZOO accounts that may ask: their tokens, settings and keys.

`TenantDirectory` answers callbacks and the webhooks' door; `TenantStore` is the table.
"""

from pivot_app.tenants._directory import TenantDirectory, kept_form
from pivot_app.tenants._keys import STATE_KEYS, TOKEN_KEYS, KeyRing
from pivot_app.tenants._old_tokens import OldClaim, OldTokens
from pivot_app.tenants._store import TenantChangedError, TenantItem, TenantStore
from pivot_app.tenants._tenant import DebugSettings, Tenant
from pivot_app.tenants._tokens import SCOPES, Scope, Token

__all__ = [
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
    "kept_form",
]
