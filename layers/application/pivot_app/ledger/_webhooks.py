"""Who may tell us that a call ended."""

from __future__ import annotations

import json

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError
from pivot_app.aws import Parameters
from pivot_app.ledger._signatures import signature_of
from pivot_app.tenants import Tenant, TenantDirectory


class WebhookDoor:
    """Lets in the webhooks that bring their KAZOO account's token and, where keys are kept, its signature.

    `{prefix}/webhook/{kazoo_account_id}` in SSM holds {"sha256_keys": [newest, older]} of an account that
    signs (KAZOO 5, webhook version 2); before `pivot token migrate` it was `{prefix}/webhooks/...`.
    """

    def __init__(self, tenants: TenantDirectory, parameters: Parameters) -> None:
        self._tenants = tenants
        self._parameters = parameters

    def check(
        self, kazoo_account_id: str, token: str | None, body: bytes, content_type: str, source_ip: str = ""
    ) -> Tenant:
        """Return the tenant whose webhook it is; NotAuthenticatedError for whom it may not let in.

        StoreUnavailableError while nobody can say, MisconfiguredError where what is kept cannot be read.
        """
        tenant = self._tenants.authenticate_webhook(kazoo_account_id, token, source_ip)
        return self._signed(tenant, body, content_type)

    def check_kept(self, kazoo_account_id: str, kept: str, body: bytes, content_type: str) -> Tenant:
        """As `check`, later, with what was kept of the token by `kept_form`."""
        tenant = self._tenants.authenticate_kept_webhook(kazoo_account_id, kept)
        return self._signed(tenant, body, content_type)

    def _signed(self, tenant: Tenant, body: bytes, content_type: str) -> Tenant:
        keys = self._signing_keys(tenant.id)
        if keys and (found := signature_of(body, content_type, keys)) != "right":
            raise NotAuthenticatedError(f"{found}_signature")
        return tenant

    def _signing_keys(self, kazoo_account_id: str) -> list[str]:
        names = (f"webhook/{kazoo_account_id}", f"webhooks/{kazoo_account_id}")
        value = self._parameters.first(*names)
        return _keys(f"{self._parameters.prefix}/{names[0]}", value) if value else []


def _keys(name: str, value: str) -> list[str]:
    try:
        keys = json.loads(value)["sha256_keys"]
    except (ValueError, TypeError, KeyError):
        keys = None
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise MisconfiguredError(f'parameter {name}: write it as {{"sha256_keys": ["newest", "older"]}}')
    return keys[:2]
