"""The callers' table: which account a phone number, or a registered user of KAZOO, belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from pivot_app import aws
from pivot_app.lazy_dataclass import dataclass
from pivot_app.numbers import subscriber

_USER = "user:"


@dataclass(frozen=True, slots=True)
class Caller:
    """A known phone number, or registered user, of a KAZOO account's customers.

    number: E.164, or `user:` and the User-ID. account_id: the customer's account. name and attributes
    (language, vip, …) are the operator's. require_pin: the number alone opens nothing.
    """

    number: str
    account_id: str
    name: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    require_pin: bool = False

    @property
    def is_user(self) -> bool:
        """Whether KAZOO knows the caller by a registered device, which nobody outside can forge."""
        return self.number.startswith(_USER)


def user_key(user_id: str) -> str:
    """Return the key of a registered user."""
    return f"{_USER}{user_id}"


class DynamoDBCallers:
    """Callers in DynamoDB: one item an identity, its key beginning with the KAZOO account it belongs to."""

    def __init__(self, client: Any, table_name: str) -> None:
        self._client = client
        self._table = table_name

    def find(self, kazoo_account_id: str, *keys: str) -> Caller | None:
        """Return the caller of the first of these keys that is known, by one request.

        A key is an E.164 number or `user_key(...)`.
        """
        if not keys:
            return None
        if len(keys) == 1:
            found = self._client.get_item(TableName=self._table, Key=self._key(kazoo_account_id, keys[0]))
            items = [found["Item"]] if "Item" in found else []
        else:
            items = self._several(kazoo_account_id, keys)
        by_key = {item["pk"]["S"].partition("#")[2]: aws.from_item(item) for item in items}
        return next((_caller(key, by_key[key]) for key in keys if key in by_key), None)

    def put(self, kazoo_account_id: str, caller: Caller) -> None:
        """Store a caller, replacing what the number was before."""
        number = caller.number if caller.is_user else subscriber(caller.number)
        item = {
            "account_id": caller.account_id,
            "name": caller.name,
            "attributes": dict(caller.attributes),
            **({"require_pin": True} if caller.require_pin else {}),
        }
        self._client.put_item(
            TableName=self._table, Item={**self._key(kazoo_account_id, number), **aws.to_item(item)}
        )

    def _several(self, kazoo_account_id: str, keys: Sequence[str]) -> list[dict[str, Any]]:
        wanted = [self._key(kazoo_account_id, key) for key in dict.fromkeys(keys)]
        answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": wanted}})
        items: list[dict[str, Any]] = answer["Responses"].get(self._table, [])
        # What a throttled table left out is read one by one: a known caller must not become a stranger.
        for key in answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", ()):
            found = self._client.get_item(TableName=self._table, Key=key)
            items += [found["Item"]] if "Item" in found else []
        return items

    @staticmethod
    def _key(kazoo_account_id: str, key: str) -> dict[str, Any]:
        return {"pk": {"S": f"{kazoo_account_id}#{key}"}}


def _caller(key: str, item: Mapping[str, Any]) -> Caller:
    return Caller(
        number=key,
        account_id=str(item["account_id"]),
        name=str(item.get("name") or ""),
        attributes=item.get("attributes") or {},
        require_pin=item.get("require_pin") is True,
    )
