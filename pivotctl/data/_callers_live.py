"""The callers of a deployment: accounts' profiles and their phone numbers, read back and brought up to date.

Callers have no versions. A push names some accounts and leaves all others alone; whatever of it was written
when it broke off stays, and the same push again completes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from pivot_app import aws
from pivot_app.identity import hash_pin, user_key
from pivotctl.data._callers import AccountDocument, CallersDocument
from pivotctl.data._deployment import Deployment
from pivotctl.data._models import encode
from pivotctl.errors import UserError

Progress = Callable[[int, int], None]
WRITES_AT_ONCE = 25
USER = user_key("")
PROFILE_FIELDS = ("name", "language", "attributes", "support", "balance_source", "require_pin")
PIN_FIELDS = ("pin",)


class PublishError(UserError):
    """A document cannot go live; the message says why and what to do."""


def live_callers(
    deployment: Deployment, kazoo_account_id: str, accounts: Collection[str] | None = None
) -> dict[str, dict[str, Any]]:
    """Return the live callers as a callers document's `accounts`: those named, or all that have a profile or
    a number. PINs are not among it, as nobody can read them back.

    It reads the whole callers' table, and the whole accounts' table where no accounts are named.
    """
    if accounts is None:
        profiles = {
            item["pk"].partition("#")[2]: item.get("profile") or {}
            for item in _scan(deployment, deployment.accounts_table, kazoo_account_id, sk="account")
        }
    else:
        profiles = {each: _profile(deployment, kazoo_account_id, each) for each in accounts}
    found = {account_id: _account(profile) for account_id, profile in profiles.items()}
    for item in _scan(deployment, deployment.callers_table, kazoo_account_id):
        account_id = str(item["account_id"])
        if account_id in found:
            key = item["pk"].partition("#")[2]
            kind, listed = ("users", key.removeprefix(USER)) if key.startswith(USER) else ("numbers", key)
            found[account_id].setdefault(kind, {})[listed] = _number(item, found[account_id])
    return {account_id: found[account_id] for account_id in sorted(found) if found[account_id]}


def push_callers(
    deployment: Deployment, kazoo_account_id: str, document: CallersDocument, progress: Progress
) -> None:
    """Write profiles, then numbers, then forget numbers the document no longer lists for its accounts.

    An account's money is not touched, and an account must exist to get a profile.
    """
    missing = [each for each in document.accounts if not _has_account(deployment, kazoo_account_id, each)]
    if missing:
        some = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        raise PublishError(
            f"no such account: {some}; create it with `pivot accounts create`, then push again"
        )
    numbers = list(document.identities())
    total, done = len(document.accounts) + len(numbers), 0
    for account_id, account in document.accounts.items():
        _write_profile(deployment, kazoo_account_id, account_id, account)
        done += 1
        progress(done, total)
    for begin in range(0, len(numbers), WRITES_AT_ONCE):
        batch = numbers[begin : begin + WRITES_AT_ONCE]
        _write(
            deployment,
            [
                {
                    "pk": f"{kazoo_account_id}#{number}",
                    "account_id": account_id,
                    "name": known.name or document.accounts[account_id].name,
                    "attributes": {
                        **_language(document.accounts[account_id]),
                        **document.accounts[account_id].attributes,
                        **known.attributes,
                    },
                    **({"require_pin": True} if document.accounts[account_id].require_pin else {}),
                }
                for number, account_id, known in batch
            ],
        )
        done += len(batch)
        progress(done, total)
    _forget_numbers(deployment, kazoo_account_id, document)


def _forget_numbers(deployment: Deployment, kazoo_account_id: str, document: CallersDocument) -> None:
    """Remove a number that somebody else may have by now: it must not open its old account."""
    listed = {number for number, _, _ in document.identities()}
    for item in _scan(deployment, deployment.callers_table, kazoo_account_id):
        if item["account_id"] in document.accounts and item["pk"].partition("#")[2] not in listed:
            client = deployment.dynamodb
            try:
                client.delete_item(
                    TableName=deployment.callers_table,
                    Key={"pk": {"S": item["pk"]}},
                    ConditionExpression="account_id = :owner",
                    ExpressionAttributeValues={":owner": {"S": item["account_id"]}},
                )
            except client.exceptions.ConditionalCheckFailedException:
                continue  # Another push gave it to another account meanwhile.


def _account(profile: dict[str, Any]) -> dict[str, Any]:
    """Return a profile as the document writes it, without what is left at its default."""
    account = {field: profile[field] for field in PROFILE_FIELDS if profile.get(field)}
    if account.get("balance_source") == "ledger":
        del account["balance_source"]
    if support := account.get("support"):
        account["support"] = {key: support[key] for key in ("kind", "id", "ids") if support.get(key)}
    return account


def _number(item: dict[str, Any], account: dict[str, Any]) -> dict[str, Any]:
    """Return what is known about a number beyond what it has from its account."""
    known: dict[str, Any] = {}
    if (name := item.get("name") or "") and name != account.get("name"):
        known["name"] = name
    inherited = {"language": account.get("language"), **(account.get("attributes") or {})}
    attributes = {
        key: value for key, value in (item.get("attributes") or {}).items() if inherited.get(key) != value
    }
    return known | ({"attributes": attributes} if attributes else {})


def _scan(
    deployment: Deployment, table: str, kazoo_account_id: str, sk: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one KAZOO account; DynamoDB reads the whole table for it."""
    condition, values = "begins_with(pk, :pk)", {":pk": {"S": f"{kazoo_account_id}#"}}
    if sk is not None:
        condition, values = f"{condition} AND sk = :sk", {**values, ":sk": {"S": sk}}
    pages = deployment.dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression=condition,
        ExpressionAttributeValues=values,
        ConsistentRead=True,
    )
    for page in pages:
        yield from map(aws.from_item, page["Items"])


def _write(deployment: Deployment, items: list[dict[str, Any]]) -> None:
    pending = {
        deployment.callers_table: [{"PutRequest": {"Item": aws.to_item(item)}} for item in items],
    }
    for _ in range(10):
        pending = deployment.dynamodb.batch_write_item(RequestItems=pending).get("UnprocessedItems") or {}
        if not pending:
            return
    raise PublishError(
        "DynamoDB keeps refusing writes (throttled); push again, which completes what is missing"
    )


def _account_key(kazoo_account_id: str, account_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"{kazoo_account_id}#{account_id}"}, "sk": {"S": "account"}}


def _has_account(deployment: Deployment, kazoo_account_id: str, account_id: str) -> bool:
    key = _account_key(kazoo_account_id, account_id)
    return "Item" in deployment.dynamodb.get_item(
        TableName=deployment.accounts_table, Key=key, ProjectionExpression="pk"
    )


def _profile(deployment: Deployment, kazoo_account_id: str, account_id: str) -> dict[str, Any]:
    found = deployment.dynamodb.get_item(
        TableName=deployment.accounts_table,
        Key=_account_key(kazoo_account_id, account_id),
        ProjectionExpression="#profile",
        ExpressionAttributeNames={"#profile": "profile"},
    )
    profile: dict[str, Any] = aws.from_item(found.get("Item", {})).get("profile") or {}
    return profile


def _language(account: AccountDocument) -> dict[str, str]:
    return {"language": account.language} if account.language else {}


def _write_profile(
    deployment: Deployment, kazoo_account_id: str, account_id: str, account: AccountDocument
) -> None:
    profile: dict[str, Any] = {
        "name": account.name,
        "attributes": dict(account.attributes),
        "balance_source": account.balance_source,
        **({"require_pin": True} if account.require_pin else {}),
        **_language(account),
    }
    if account.support is not None:
        profile["support"] = encode(account.support)
    if account.pin is not None:
        profile["pin"] = hash_pin(account.pin)
    else:
        # A file without the PIN leaves the one there is.
        old = _profile(deployment, kazoo_account_id, account_id)
        profile |= {key: old[key] for key in PIN_FIELDS if key in old}
    deployment.dynamodb.update_item(
        TableName=deployment.accounts_table,
        Key=_account_key(kazoo_account_id, account_id),
        UpdateExpression="SET #profile = :profile",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#profile": "profile"},
        ExpressionAttributeValues={":profile": aws.to_attribute(profile)},
    )
