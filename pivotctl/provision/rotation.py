"""A new token goes into everything that `pivot provision` made, without the document it was made from."""

from __future__ import annotations

from typing import Any

from pivot_app.crossbar import Crossbar, read_provisioned, with_token, without_token
from pivotctl.deployment import Deployment, parameter_prefix
from pivotctl.provision._access import stored_access


def put_token(
    deployment: Deployment, kazoo_account_id: str, collection: str, token: str, **http: Any
) -> list[str]:
    """Put a token into the account's documents of a collection, callflows or webhooks.

    Return the titles of those that were changed; none if the access to Crossbar is not stored. Each write is
    locked: CrossbarConflictError if someone changes the document meanwhile, and running again goes on.
    """
    access = stored_access(deployment.client("ssm"), parameter_prefix(deployment.stage), kazoo_account_id)
    if access is None:
        return []
    with Crossbar(access.url, access.api_key, kazoo_account_id, **http) as crossbar:
        found, duplicates = read_provisioned(crossbar, deployment.stage)
        changed = []
        for ours in (*found.values(), *duplicates):
            if ours.collection != collection or ours.token in ("", token):
                continue
            data = with_token(without_token(ours.document.data, ours.token), token)
            crossbar.collection(collection).replace(ours.document, data)
            changed.append(ours.title)
        return changed
