"""Authenticates webhooks: finds the KAZOO account that a webhook token belongs to."""

from __future__ import annotations

import json
from collections.abc import Sequence

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError
from pivot_app.aws import Parameters
from pivot_app.ledger._signatures import Signature, signature_of
from pivot_app.tenants import Tenant, TenantDirectory


class WebhookAuthenticator:
    """Finds the KAZOO account of a webhook's token, and checks its signature where keys are kept.

    `{prefix}/webhook/{kazoo_account_id}` in SSM holds {"sha256_keys": [newest, older]} of an account that
    signs (KAZOO 5, webhook version 2); before `pivot token migrate` it was `{prefix}/webhooks/...`.
    """

    def __init__(self, tenants: TenantDirectory, parameters: Parameters) -> None:
        self._tenants = tenants
        self._parameters = parameters

    def authenticate(self, claimed: Sequence[str], token: str | None, source_ip: str = "") -> Tenant:
        """Return the KAZOO account whose token for webhooks it is.

        Args:
            claimed: The KAZOO accounts the webhook names; only an old token, which names no account,
                is looked for under them.
            token: What was presented.
            source_ip: Where it came from.

        Raises:
            NotAuthenticatedError: It is not a live token for webhooks.
            StoreUnavailableError: Nobody can say now.
            MisconfiguredError: What is kept of the account cannot be read.

        """
        try:
            return self._tenants.authenticate_token(token, source_ip, scope="webhook")
        except NotAuthenticatedError as error:
            if error.reason != "token_names_nobody":
                raise
            refused = error
        for account_id in claimed:
            try:
                return self._tenants.authenticate(account_id, token, source_ip, scope="webhook")
            except NotAuthenticatedError as error:
                refused = error
        raise refused

    def is_proven(self, token: str | None) -> bool:
        """Return whether a token was surely made here for webhooks, be it live or revoked."""
        return self._tenants.is_proven(token, "webhook")

    def authenticate_kept(self, claimed: Sequence[str], kept: str) -> Tenant:
        """As `authenticate`, later, with what was kept of the token by `kept_form`."""
        refused = NotAuthenticatedError("no_account")
        for account_id in claimed:
            try:
                return self._tenants.authenticate_kept_webhook(account_id, kept)
            except NotAuthenticatedError as error:
                refused = error
        raise refused

    def signature(self, tenant: Tenant, body: bytes, content_type: str) -> Signature | None:
        """Return whether a body is signed by one of the account's keys; None if it has none."""
        names = (f"webhook/{tenant.id}", f"webhooks/{tenant.id}")
        value = self._parameters.first(*names)
        if not value:
            return None
        return signature_of(body, content_type, _keys(f"{self._parameters.prefix}/{names[0]}", value))


def _keys(name: str, value: str) -> list[str]:
    try:
        keys = json.loads(value)["sha256_keys"]
    except (ValueError, TypeError, KeyError):
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise MisconfiguredError(f'parameter {name}: write it as {{"sha256_keys": ["newest", "older"]}}')
    return keys[:2]
