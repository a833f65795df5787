"""`pivot token`: which KAZOO accounts may ask, with which tokens and settings, and the keys of a stage."""

from pivotctl.tokens._admin import IssuedTokens, RevokedToken, TenantAdmin, TokenError
from pivotctl.tokens._keys import StageKeys
from pivotctl.tokens._migrate import Migration, migrate
from pivotctl.tokens._nodes import pivot_node
from pivotctl.tokens.command import app

__all__ = [
    "IssuedTokens",
    "Migration",
    "RevokedToken",
    "StageKeys",
    "TenantAdmin",
    "TokenError",
    "app",
    "migrate",
    "pivot_node",
]
