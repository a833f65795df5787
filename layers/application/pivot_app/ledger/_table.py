"""One DynamoDB table, and the failures the ledger distinguishes: condition not met, busy, unreachable."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.errors import ApplicationError
from pivot_app.ledger._errors import ItemTooLargeError
from pivot_app.ledger._items import Item

BUSY = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
CANCELLED_AND_WORTH_ANOTHER_TRY = frozenset(
    {
        "None",
        "ConditionalCheckFailed",
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    }
)


READ_TRIES = 3


class ConditionFailedError(ApplicationError):
    """The condition of a write was not met; `item` is what was there instead, None if nothing was."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("the condition was not met")
        self.item = item


class ThrottledError(StoreUnavailableError):
    """The request collided with another one or with a limit; a repeat may succeed."""


class Table:
    """A botocore client bound to one table."""

    def __init__(
        self,
        client: Any,
        name: str,
        budget_seconds: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self.name = name
        self._budget_seconds = budget_seconds
        self._sleep = sleep
        self._monotonic = monotonic

    def get(self, key: Item) -> Item | None:
        """Return an item as it is now; asked again a few times while the table is busy."""
        for attempt in range(READ_TRIES - 1):
            try:
                return self._get(key)
            except ThrottledError:
                self.pause(attempt)
        return self._get(key)

    def _get(self, key: Item) -> Item | None:
        with _failures():
            found = self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item

    def put(self, item: Item, condition: str | None = None, values: Item | None = None) -> None:
        """Write a whole item, on a condition with its values."""
        request: dict[str, Any] = {"TableName": self.name, "Item": item}
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = values
        with _failures():
            self.client.put_item(**request)

    def update(self, **request: Any) -> Item:
        """UpdateItem; the item after it."""
        with _failures():
            answer = self.client.update_item(
                TableName=self.name,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **request,
            )
        item: Item = answer["Attributes"]
        return item

    def delete(self, key: Item) -> None:
        """Remove an item."""
        with _failures():
            self.client.delete_item(TableName=self.name, Key=key)

    def query(self, pk: str, sk_prefix: str, *, after: str = "", newest: int = 0) -> Iterator[Item]:
        """Yield the items of a partition whose sort key begins with `sk_prefix`, page by page.

        Args:
            pk: The partition.
            sk_prefix: What the sort keys begin with.
            after: Only those beyond this sort key.
            newest: Only so many, from the last one back; 0 for all, from the first one on.

        """
        request: dict[str, Any] = {
            "TableName": self.name,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": {"S": pk},
                ":first": {"S": f"{after}\0" if after else sk_prefix or "\0"},
                ":last": {"S": sk_prefix + "\uffff"},
            },
        }
        if newest:
            return islice(
                self._pages("query", request | {"ScanIndexForward": False, "Limit": newest}), newest
            )
        return self._pages("query", request)

    def index(self, name: str, key: str | None = None) -> Iterator[Item]:
        """Return the keys in the sparse index, of one value of its key or of all."""
        request: dict[str, Any] = {"TableName": self.name, "IndexName": name}
        if key is None:
            return self._pages("scan", request)
        request["KeyConditionExpression"] = "#key = :key"
        request["ExpressionAttributeNames"] = {"#key": name}
        request["ExpressionAttributeValues"] = {":key": {"S": key}}
        return self._pages("query", request)

    def index_pages(self, name: str, start: Item | None) -> Iterator[tuple[list[Item], Item | None]]:
        """Yield the pages of the sparse index from `start` on, each with where the next one begins."""
        request: dict[str, Any] = {"TableName": self.name, "IndexName": name}
        while True:
            with _failures():
                page = self.client.scan(**request | ({"ExclusiveStartKey": start} if start else {}))
            start = page.get("LastEvaluatedKey")
            yield page["Items"], start
            if not start:
                return

    def scan(self, **request: Any) -> Iterator[Item]:
        """Return every item of the table: for an operator's commands, never for a call."""
        return self._pages("scan", {"TableName": self.name, **request})

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> None:
        """All of the writes or none of them."""
        items = [
            {kind: {"TableName": self.name, **write}} for entry in writes for kind, write in entry.items()
        ]
        with _failures():
            self.client.transact_write_items(TransactItems=items)

    def attempts(self) -> Iterator[int]:
        """Count attempts, for as long as the budget lasts."""
        deadline = self._monotonic() + self._budget_seconds
        attempt = 0
        while attempt == 0 or self._monotonic() < deadline:
            yield attempt
            attempt += 1

    def pause(self, attempt: int) -> None:
        """Wait before the attempt after `attempt`: longer each time, with jitter."""
        longest = min(0.2, 0.004 * 2**attempt)
        self._sleep(longest * (0.5 + random.random() / 2))  # noqa: S311 - jitter, no secret

    def _pages(self, operation: str, request: dict[str, Any]) -> Iterator[Item]:
        while True:
            with _failures():
                page = getattr(self.client, operation)(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


@contextmanager
def _failures() -> Iterator[None]:
    """Botocore's errors as ours."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            raise ConditionFailedError(error.response.get("Item")) from None
        if code == "TransactionCanceledException":
            reasons = {reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())}
            if reasons <= CANCELLED_AND_WORTH_ANOTHER_TRY:
                raise ThrottledError(code) from error
        if code in BUSY:
            raise ThrottledError(code) from error
        if code == "ValidationException" and "size" in str(error):
            raise ItemTooLargeError(str(error)) from error
        raise StoreUnavailableError(f"the accounts table refused: {error}") from error
    except BotoCoreError as error:
        raise StoreUnavailableError(f"the accounts table cannot be reached: {error}") from error
