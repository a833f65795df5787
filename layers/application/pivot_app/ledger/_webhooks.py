"""Who may tell us that a call ended."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError, StoreUnavailableError
from pivot_app.aws.cache import Cache
from pivot_app.ledger._signatures import signature_of
from pivot_app.tenants import AccountDirectory


class WebhookDoor:
    """Lets in the webhooks that bring their KAZOO account's token and, where keys are kept, its signature.

    `{prefix}/webhooks/{kazoo_account_id}` in SSM holds {"sha256_keys": [newest, older]} of an account that
    signs (KAZOO 5, webhook version 2).
    """

    def __init__(self, ssm: Any, prefix: str) -> None:
        self._ssm = ssm
        self._prefix = prefix
        self._directory = AccountDirectory(prefix, lambda: ssm)
        self._keys: Cache[list[str]] = Cache(1000, 60.0)

    def check(self, kazoo_account_id: str, digest: str, body: bytes, content_type: str) -> None:
        """Raise NotAuthenticatedError for whom it may not let in.

        StoreUnavailableError while SSM does not say, MisconfiguredError where what it says cannot be read.
        """
        self._directory.authenticate_digest(kazoo_account_id, digest)
        keys = self._signing_keys(kazoo_account_id)
        if keys and (found := signature_of(body, content_type, keys)) != "right":
            raise NotAuthenticatedError(f"{found}_signature")

    def _signing_keys(self, kazoo_account_id: str) -> list[str]:
        if (keys := self._keys.get(kazoo_account_id)) is not None:
            return keys
        name = f"{self._prefix}/webhooks/{kazoo_account_id}"
        try:
            found = self._ssm.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
        except (BotoCoreError, ClientError) as error:
            if (keys := self._keys.get(kazoo_account_id, stale=True)) is None:
                raise StoreUnavailableError("SSM did not return the keys of signed webhooks") from error
            return keys
        keys = _keys(name, found[0]["Value"]) if found else []
        self._keys.put(kazoo_account_id, keys)
        return keys


def _keys(name: str, value: str) -> list[str]:
    try:
        keys = json.loads(value)["sha256_keys"]
    except (ValueError, TypeError, KeyError):
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise MisconfiguredError(f'parameter {name}: write it as {{"sha256_keys": ["newest", "older"]}}')
    return keys[:2]
