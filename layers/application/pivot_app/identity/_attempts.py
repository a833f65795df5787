"""Tries of PINs: counted before a PIN is looked at, over all calls, for account numbers that exist and those
that do not.

One item an account number in the table of call states, which forgets it by itself:
    pk          `{kazoo_account_id}#pin#{account number}`
    tries       in a row without a right PIN
    open_at     epoch seconds before which no further try is made
    tried_at    of the last try
    expires_at  DynamoDB's time to live
and one an hour for the whole KAZOO account, `{kazoo_account_id}#pins#{hour}`, with its `failures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from kazoo_pivot import StoreUnavailableError
from pivot_app.lazy_dataclass import dataclass

FREE_TRIES = 10
"""Wrong PINs in a row, over any number of calls, until the first wait."""

FIRST_WAIT_SECONDS = 900
LONGEST_WAIT_SECONDS = 86_400
FORGET_SECONDS = 2 * LONGEST_WAIT_SECONDS
FAILURES_AN_HOUR = 300
"""Wrong PINs of one KAZOO account in an hour, whatever the account numbers."""

# Each time around, at least one of the calls at work has counted; more than FREE_TRIES need not be let
# through.
_ATTEMPTS_TO_WRITE = 2 * FREE_TRIES + 5


@dataclass(frozen=True, slots=True)
class Tries:
    """The counters of one account number."""

    tries: int = 0
    open_at: int = 0
    tried_at: int = 0

    def after_a_try(self, now: int) -> Tries | None:
        """Return the count with one more try at `now` (epoch seconds), None where none is allowed.

        Ten are free. Then each one is followed by a wait, twice as long as the one before, a day at most.
        """
        if now >= self.tried_at + FORGET_SECONDS:
            return Tries(1, 0, now)
        if self.tries >= FREE_TRIES and now < self.open_at:
            return None
        tries = self.tries + 1
        if tries < FREE_TRIES:
            return Tries(tries, 0, now)
        doublings = min(tries - FREE_TRIES, 16)
        wait = min(FIRST_WAIT_SECONDS << doublings, LONGEST_WAIT_SECONDS)
        return Tries(tries, now + wait, now)


class PinAttempts(Protocol):
    """Counts the tries of PINs."""

    def reserve(self, kazoo_account_id: str, account_id: str, now: int, *, cap: int) -> bool:
        """Count a try before it is made; return whether it may be made."""

    def succeeded(self, kazoo_account_id: str, account_id: str, now: int) -> None:
        """Forget the tries of an account whose PIN was right."""

    def unlock(self, kazoo_account_id: str, account_id: str) -> None:
        """Forget the tries of an account, because an operator says so."""


class DynamoDBPinAttempts:
    """Tries in the table of call states, each counted by a conditional write."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def reserve(
        self, kazoo_account_id: str, account_id: str, now: int, *, cap: int = FAILURES_AN_HOUR
    ) -> bool:
        """Count a try before it is made; return whether it may be made.

        However many calls try at once, only so many get a True: a write that meets another one's looks again.
        """
        key, seen, known = _key(kazoo_account_id, account_id), Tries(), False
        for _ in range(_ATTEMPTS_TO_WRITE):
            counted = seen.after_a_try(now)
            if counted is None:
                return False
            found = self._write(key, counted, seen if known else None, now)
            if found is None:
                return self._within_cap(kazoo_account_id, now, cap)
            seen, known = _tries(found), True
        return False

    def succeeded(self, kazoo_account_id: str, account_id: str, now: int) -> None:
        """Forget the tries of an account whose PIN was right, and take its try off the hour's failures."""
        self.unlock(kazoo_account_id, account_id)
        self._request(
            key=_hour_key(kazoo_account_id, now),
            UpdateExpression="ADD failures :less",
            ExpressionAttributeValues={":less": {"N": "-1"}},
        )

    def unlock(self, kazoo_account_id: str, account_id: str) -> None:
        """Forget the tries of an account, because an operator says so."""
        self._request(
            key=_key(kazoo_account_id, account_id),
            UpdateExpression="SET tries = :none, open_at = :none, tried_at = :none",
            ExpressionAttributeValues={":none": {"N": "0"}},
        )

    def read(self, kazoo_account_id: str, account_id: str) -> Tries:
        """Return what is counted of an account, for an operator to see."""
        item = self._client.get_item(
            TableName=self._table, Key=_key(kazoo_account_id, account_id), ConsistentRead=True
        ).get("Item")
        return _tries(item) if item else Tries()

    def _write(
        self, key: dict[str, Any], counted: Tries, seen: Tries | None, now: int
    ) -> Mapping[str, Any] | None:
        """Write a count over the one that was seen; return the item that is there instead, if so."""
        condition, values = "attribute_not_exists(pk)", {}
        if seen is not None:
            condition = "tries = :seen_tries AND tried_at = :seen_at AND open_at = :seen_open"
            values = {":seen_tries": seen.tries, ":seen_at": seen.tried_at, ":seen_open": seen.open_at}
        values |= {
            ":tries": counted.tries,
            ":open": counted.open_at,
            ":now": counted.tried_at,
            ":expires": max(now, counted.open_at) + FORGET_SECONDS,
        }
        return self._request(
            key=key,
            UpdateExpression="SET tries = :tries, open_at = :open, tried_at = :now, expires_at = :expires",
            ConditionExpression=condition,
            ExpressionAttributeValues={name: {"N": str(value)} for name, value in values.items()},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def _within_cap(self, kazoo_account_id: str, now: int, cap: int) -> bool:
        failed = self._request(
            key=_hour_key(kazoo_account_id, now),
            UpdateExpression="SET expires_at = :expires ADD failures :one",
            ConditionExpression="attribute_not_exists(failures) OR failures < :cap",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":cap": {"N": str(cap)},
                ":expires": {"N": str(now + 7_200)},
            },
        )
        return failed is None

    def _request(self, *, key: dict[str, Any], **arguments: Any) -> Mapping[str, Any] | None:
        """Return None once it is written, else the item that did not meet the condition."""
        try:
            self._client.update_item(TableName=self._table, Key=key, **arguments)
        except Exception as error:
            response = getattr(error, "response", None) or {}
            if response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                item: Mapping[str, Any] = response.get("Item") or {}
                return item
            # Without a count no PIN is looked at.
            raise StoreUnavailableError("the table of PIN tries did not answer") from error
        return None


def _key(kazoo_account_id: str, account_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"{kazoo_account_id}#pin#{account_id}"}}


def _hour_key(kazoo_account_id: str, now: int) -> dict[str, Any]:
    return {"pk": {"S": f"{kazoo_account_id}#pins#{now // 3_600}"}}


def _tries(item: Mapping[str, Any]) -> Tries:
    return Tries(*(int(item[name]["N"]) if name in item else 0 for name in ("tries", "open_at", "tried_at")))
