"""The KAZOO accounts that may ask: their tokens and settings."""

from pivot_app.tenants._directory import AccountDirectory, token_digest
from pivot_app.tenants._tenant import DebugSettings, Tenant

__all__ = ["AccountDirectory", "DebugSettings", "Tenant", "token_digest"]
