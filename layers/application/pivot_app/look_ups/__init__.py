"""Look-ups: what an HTTP system answers about a call, for values and conditions (`{lookup.crm.tier}`).

A source is a SecureString parameter, `PREFIX/look-ups/KAZOO_ACCOUNT_ID/NAME`, as it holds credentials.
`StaticLookUps` answers from data instead, for previews and tests.
"""

from pivot_app.look_ups._look_ups import (
    LookUps,
    LookUpSettings,
    Sources,
    StaticLookUps,
    look_ups,
)

__all__ = ["LookUpSettings", "LookUps", "Sources", "StaticLookUps", "look_ups"]
