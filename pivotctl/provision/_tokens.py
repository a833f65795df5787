"""The tokens of a KAZOO account, as provisioning needs them: is this one live, make another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pivot_app.tenants import Scope
from pivotctl.tokens import TenantAdmin

COLLECTIONS: Final[Mapping[str, Scope]] = {"callflows": "pivot", "webhooks": "webhook"}
"""The tokens in each document of KAZOO."""


class Tokens:
    """The tokens and settings of one KAZOO account of a deployment."""

    def __init__(self, tenants: TenantAdmin, kazoo_account_id: str) -> None:
        self._tenants = tenants
        self._account = kazoo_account_id

    def settings(self) -> dict[str, Any] | None:
        """Return the account's settings; None if the deployment does not know the account."""
        return self._tenants.settings(self._account)

    def change(self, settings: dict[str, Any]) -> None:
        """Change settings of a known account."""
        self._tenants.change(self._account, settings)

    def live(self, candidates: Iterable[str]) -> dict[str, str]:
        """Return for each collection a live token among these; empty where one has to be made."""
        known = sorted(candidates)
        return {
            collection: next(
                (each for each in known if self._tenants.is_live(self._account, each, scope)), ""
            )
            for collection, scope in COLLECTIONS.items()
        }

    def make(self, settings: dict[str, Any]) -> dict[str, str]:
        """Make a token for each collection; an unknown account is let in with these settings.

        Every older token stays live.
        """
        if self.settings() is None:
            tokens = self._tenants.create(self._account, settings)
            return {"callflows": tokens.pivot, "webhooks": tokens.webhook}
        return {
            collection: self._tenants.rotate(self._account, scope)
            for collection, scope in COLLECTIONS.items()
        }
