"""The table of tenants: one item for each KAZOO account that may ask.

pk          the KAZOO account's id
version     grows with each change; a change is refused after a concurrent change
settings    the settings, as `Tenant.from_document` reads them
tokens      map from a token's id to {"scope", "key", "created"}: what is not in here was revoked
old_tokens  list of {"sha256", "created"}: tokens from before `pivot token migrate`, which open both doors

`pk = #old-tokens` is the one other item: a map from the first 20 characters of each old token's SHA-256 to
its KAZOO account, so that any other token is refused without a look-up of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Protocol

from kazoo_pivot import StoreUnavailableError
from pivot_app.aws.codec import from_item, to_item
from pivot_app.aws.errors import translate
from pivot_app.errors import ApplicationError
from pivot_app.lazy_dataclass import dataclass

OLD_TOKENS = "#old-tokens"
DIGEST_SHOWN = 20

Document = dict[str, Any]


class TenantChangedError(ApplicationError):
    """Somebody else changed the tenant meanwhile; this change is not stored. Try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantItem:
    """One item of the table, as plain values."""

    account_id: str
    settings: Document = field(default_factory=dict)
    tokens: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    old_tokens: tuple[Mapping[str, str], ...] = ()
    version: int = 0

    def holds(self, token_id: str, scope: str) -> bool:
        """Return whether a token that was issued is still live."""
        return self.tokens.get(token_id, {}).get("scope") == scope


class TenantReader(Protocol):
    """The interface of the table of tenants; StoreUnavailableError when it fails."""

    def get(self, account_id: str) -> TenantItem | None:
        """Return a tenant, None where there is none."""

    def old_tokens(self) -> Mapping[str, str] | None:
        """Return whose each old token is, by the beginning of its SHA-256; None while they are in SSM."""


class TenantStore:
    """The table of tenants; `client` is a botocore DynamoDB client. StoreUnavailableError when it fails."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, account_id: str, *, consistent: bool = False) -> TenantItem | None:
        """Return a tenant, None where there is none."""
        found = self._request("get_item", Key={"pk": {"S": account_id}}, ConsistentRead=consistent).get(
            "Item"
        )
        return _item(from_item(found)) if found else None

    def put(self, item: TenantItem) -> TenantItem:
        """Write a tenant that was read before or is new; TenantChangedError when it changed meanwhile."""
        written = replace(item, version=item.version + 1)
        values = {
            "pk": item.account_id,
            "version": written.version,
            "settings": item.settings,
            "tokens": {name: dict(token) for name, token in item.tokens.items()},
            "old_tokens": [dict(token) for token in item.old_tokens],
        }
        try:
            self._request(
                "put_item",
                Item=to_item(_without_floats(values)),
                ConditionExpression="attribute_not_exists(pk) OR version = :version"
                if item.version
                else "attribute_not_exists(pk)",
                **(
                    {"ExpressionAttributeValues": {":version": {"N": str(item.version)}}}
                    if item.version
                    else {}
                ),
            )
        except _ConditionFailedError:
            raise TenantChangedError(
                f"KAZOO account {item.account_id} was changed by another command; try again"
            ) from None
        return written

    def delete(self, account_id: str) -> None:
        """Remove a tenant."""
        self._request("delete_item", Key={"pk": {"S": account_id}})

    def all(self) -> list[TenantItem]:
        """Return every tenant, by its id: for operators, not for calls."""
        found: list[TenantItem] = []
        arguments: dict[str, Any] = {}
        while True:
            page = self._request("scan", **arguments)
            found += [_item(from_item(item)) for item in page["Items"] if item["pk"]["S"] != OLD_TOKENS]
            if "LastEvaluatedKey" not in page:
                return sorted(found, key=lambda item: item.account_id)
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def old_tokens(self) -> Mapping[str, str] | None:
        """Return which KAZOO account each old token opens, by the beginning of its SHA-256.

        None before the old tokens were moved here: they are still in SSM.
        """
        found = self._request("get_item", Key={"pk": {"S": OLD_TOKENS}}).get("Item")
        return from_item(found)["tokens"] if found else None

    def put_old_tokens(self, tokens: Mapping[str, str]) -> None:
        """Say which old tokens there are; from now on SSM is not searched."""
        self._request("put_item", Item=to_item({"pk": OLD_TOKENS, "tokens": dict(tokens)}))

    def _request(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(TableName=self._table, **arguments)
        except Exception as error:
            response = getattr(error, "response", None) or {}
            if response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                raise _ConditionFailedError from None
            raise translate(error) or StoreUnavailableError("the table of tenants did not answer") from error
        return answer


class _ConditionFailedError(Exception):
    pass


def _item(values: Mapping[str, Any]) -> TenantItem:
    return TenantItem(
        account_id=values["pk"],
        settings=_with_floats(values.get("settings", {})),
        tokens=values.get("tokens", {}),
        old_tokens=tuple(values.get("old_tokens", ())),
        version=int(values.get("version", 0)),
    )


def _without_floats(value: Any) -> Any:
    """Return a document with its fractions as text: DynamoDB's numbers are for money, which has none."""
    if isinstance(value, float):
        return {"fraction": str(value)}
    if isinstance(value, Mapping):
        return {name: _without_floats(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_floats(each) for each in value]
    return value


def _with_floats(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"fraction"}:
            return float(value["fraction"])
        return {name: _with_floats(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_floats(each) for each in value]
    return value
