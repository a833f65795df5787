"""The tokens of a KAZOO account, as provisioning needs them: is this one live, make another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from pivotctl.tokens import AccountParameters

COLLECTIONS = ("callflows", "webhooks")


class Tokens:
    """The tokens and settings of one KAZOO account of a deployment."""

    def __init__(self, parameters: AccountParameters, kazoo_account_id: str) -> None:
        self._parameters = parameters
        self._account = kazoo_account_id

    def settings(self) -> dict[str, Any] | None:
        """Return the account's settings; None if the deployment does not know the account."""
        found = self._parameters.read(self._account)
        return None if found is None else {key: value for key, value in found.items() if key != "tokens"}

    def change(self, settings: dict[str, Any]) -> None:
        """Change settings of a known account."""
        self._parameters.change(self._account, settings)

    def live(self, candidates: Iterable[str]) -> dict[str, str]:
        """Return for each collection a live token among these; empty where one has to be made."""
        document = self._parameters.read(self._account) or {}
        known = {entry["sha256"] for entry in document.get("tokens", [])}
        live = sorted(each for each in candidates if hashlib.sha256(each.encode()).hexdigest() in known)
        return dict.fromkeys(COLLECTIONS, live[0] if live else "")

    def make(self, settings: dict[str, Any]) -> dict[str, str]:
        """Make a token for each collection; an unknown account is let in with these settings.

        An account has two live tokens at most: the older of two ends.
        """
        if self.settings() is None:
            token = self._parameters.create(self._account, settings)
        else:
            token = self._parameters.rotate(self._account)
        return dict.fromkeys(COLLECTIONS, token)
