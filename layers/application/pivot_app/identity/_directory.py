"""The callers' table: which account a phone number belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pivot_app import aws
from pivot_app.identity._pin import LOCK_SECONDS
from pivot_app.identity._profile import Profile


@dataclass(frozen=True, slots=True)
class Caller:
    """A known phone number of a KAZOO account's customers.

    account_id: the customer's account. name and attributes (language, vip, …) are the operator's.
    """

    number: str
    account_id: str
    name: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


class DynamoDBCallers:
    """Callers in DynamoDB: one item a number, its key beginning with the KAZOO account it belongs to."""

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table = table_name

    def find(self, kazoo_account_id: str, number: str) -> Caller | None:
        """The caller with this E.164 number, by one GetItem."""
        found = self._client.get_item(TableName=self._table, Key=self._key(kazoo_account_id, number)).get(
            "Item"
        )
        if found is None:
            return None
        item = aws.from_item(found)
        return Caller(
            number=number,
            account_id=str(item["account_id"]),
            name=str(item.get("name") or ""),
            attributes=item.get("attributes") or {},
        )

    def put(self, kazoo_account_id: str, caller: Caller) -> None:
        """Store a caller, replacing what the number was before."""
        item = {
            "account_id": caller.account_id,
            "name": caller.name,
            "attributes": dict(caller.attributes),
        }
        self._client.put_item(
            TableName=self._table, Item={**self._key(kazoo_account_id, caller.number), **aws.to_item(item)}
        )

    @staticmethod
    def _key(kazoo_account_id: str, number: str) -> dict[str, Any]:
        return {"pk": {"S": f"{kazoo_account_id}#{number}"}}


class PinFailures:
    """Wrong PINs of an account, counted over all its calls, kept in the profile of its item."""

    def __init__(self, client: Any, accounts_table: str) -> None:
        self._client = client
        self._table = accounts_table

    def record(self, kazoo_account_id: str, account_id: str, profile: Profile, now: int) -> None:
        """Count one more wrong PIN at `now` (Unix seconds).

        One UpdateItem, which concurrent calls can not undo; a count older than the lock starts again.
        """
        fresh = now >= profile.pin_failed_at + LOCK_SECONDS
        count = ":one" if fresh else "if_not_exists(profile.pin_failures, :zero) + :one"
        values = {":one": {"N": "1"}, ":now": {"N": str(now)}}
        if not fresh:
            values[":zero"] = {"N": "0"}
        self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": f"{kazoo_account_id}#{account_id}"}, "sk": {"S": "account"}},
            UpdateExpression=f"SET profile.pin_failures = {count}, profile.pin_failed_at = :now",
            ConditionExpression="attribute_exists(profile)",
            ExpressionAttributeValues=values,
        )
