"""Calls on the table: authorized, extended, settled, expired.

Authorizing is one conditional UpdateItem of the account's item, decided on what this instance last saw of
the account. The condition says exactly what the decision rested on; where it does not hold, the answer brings
the item as it is, and the call is decided again on that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pivot_app.aws.errors import StoreUnavailableError
from pivot_app.ledger._account import Account, Entry, Hold, Posting
from pivot_app.ledger._accounts import ABSENT, Accounts
from pivot_app.ledger._decide import CallRequest, Refusal, authorize, expire, extend, settle
from pivot_app.ledger._errors import AccountNotFoundError, HoldConflictError
from pivot_app.ledger._items import account_from_item, hold_from_map, hold_to_map, plain, value
from pivot_app.ledger._table import BusyError, NotMetError
from pivot_app.ledger._writes import hold_update

RUSH = 3
"""Attempts without a pause: one that failed its condition brought the item as it is, so somebody got on."""


@dataclass(frozen=True, slots=True)
class Authorized:
    """A call that may be made: its hold, and the account with the hold in it."""

    account: Account
    hold: Hold

    def available_before_micros(self, now: datetime) -> int:
        """What was available before this call: the balance its caller expects to hear."""
        return self.account.available_micros(now) + self.hold.hold_micros


@dataclass(frozen=True, slots=True)
class Closed:
    """How a hold ended: by this entry, now or (`already`) before."""

    entry: Entry
    already: bool = False


class DynamoDBLedger(Accounts):
    """Accounts and their entries in the accounts table.

    Args:
        client: A botocore DynamoDB client (its own retries and timeouts apply to each request).
        table_name: The accounts table.
        budget_seconds: How long conflicts and throttling are retried before `StoreUnavailableError`.

    """

    def authorize(
        self, kazoo_account_id: str, account_id: str, request: CallRequest, now: datetime
    ) -> Authorized | Refusal:
        """Hold money for a call, or say why not. The same Call-ID asked again gets the same hold.

        Raises:
            AccountNotFoundError: There is no such account.
            HoldConflictError: The Call-ID already holds money for another destination.
            StoreUnavailableError: Not decided within the time budget; whether a hold was made is not known,
                and asking again finds out.

        """
        key = (kazoo_account_id, account_id)
        account = self._seen.get(key)
        fresh = account is None
        for attempt in self.table.attempts():
            if account is None:
                account, fresh = self._must(*key), True
            decision: Hold | Refusal | HoldConflictError
            try:
                plan = self.plans.rates(kazoo_account_id, account.plan) if account.plan else None
                decision = authorize(account, request, plan, now, is_denied=self._is_denied(account, request))
            except HoldConflictError as conflict:
                decision = conflict
            if not isinstance(decision, Hold) or decision.hold_id in account.holds:
                if not fresh:
                    account = None  # neither a refusal nor an earlier hold is believed of a memory
                    continue
                self._seen.put(key, account)
                if isinstance(decision, HoldConflictError):
                    raise decision
                if isinstance(decision, Refusal):
                    return decision
                if decision is account.holds[decision.hold_id]:
                    return Authorized(account, decision)
            if self._needs_expired_removed(account, decision):
                self.expire_due(account, now)
                account = None
                continue
            try:
                account = account_from_item(self.table.update(**hold_update(account, decision)))
            except NotMetError as refused:
                self._seen.drop(key)
                if refused.item is None:
                    raise AccountNotFoundError(*key) from None
                account, fresh = account_from_item(refused.item), True
                if attempt > RUSH:
                    self.table.pause(attempt - RUSH)
            except BusyError:
                self.table.pause(attempt)
                account = None
            else:
                self._seen.put(key, account)
                return Authorized(account, decision)
        raise StoreUnavailableError(f"account {account_id} stayed too busy to authorize a call")

    def _is_denied(self, account: Account, request: CallRequest) -> bool:
        """Whether one of the account's deny lists has the destination."""
        lists, destination = account.controls.deny_lists, request.destination
        if not lists or destination is None:
            return False
        return self.deny_lists.denies(account.kazoo_account_id, lists, destination.number)

    def extend(
        self, kazoo_account_id: str, account_id: str, hold_id: str, seconds: int, now: datetime
    ) -> Hold | Refusal | None:
        """Make a live hold longer by up to `seconds`; None if the call has no hold any more."""
        for attempt in self.table.attempts():
            account = self._must(kazoo_account_id, account_id)
            hold = account.holds.get(hold_id)
            if hold is None:
                return None
            longer = extend(account, hold, seconds, now)
            if isinstance(longer, Refusal):
                return longer
            try:
                self.table.update(**hold_update(account, longer, instead_of=hold))
            except (NotMetError, BusyError):
                self.table.pause(attempt)
                continue
            return longer
        raise StoreUnavailableError(f"account {account_id} stayed too busy to extend {hold_id}")

    def settle(
        self,
        kazoo_account_id: str,
        account_id: str,
        hold_id: str,
        seconds: int,
        now: datetime,
        *,
        leg: str = "",
    ) -> Closed | None:
        """Bill a call of `seconds` and end its hold, once; None if this account never had such a hold."""

        def decide(account: Account, hold: Hold) -> Posting:
            return settle(account, hold, seconds, now, leg=leg)

        return self._close(kazoo_account_id, account_id, hold_id, decide, "settled", now)

    def void(self, kazoo_account_id: str, account_id: str, hold_id: str, now: datetime) -> Closed | None:
        """Give back the money of a call that is not made now; made after all, it is still billed."""
        return self.expire(kazoo_account_id, account_id, hold_id, now)

    def expire_due(self, account: Account, now: datetime) -> list[Closed]:
        """Give back the money of every hold that has expired."""
        due = [hold for hold in account.holds.values() if not hold.counts(now)]
        closed = (
            self.expire(account.kazoo_account_id, account.account_id, hold.hold_id, now) for hold in due
        )
        return [one for one in closed if one is not None]

    def expire(self, kazoo_account_id: str, account_id: str, hold_id: str, now: datetime) -> Closed | None:
        """Give back the money of one hold; its call can still be settled later."""

        def decide(account: Account, hold: Hold) -> Posting:
            return expire(account, hold, now)

        return self._close(kazoo_account_id, account_id, hold_id, decide, "expired", now)

    @staticmethod
    def _needs_expired_removed(account: Account, hold: Hold) -> bool:
        """Whether a hold is only possible once expired ones, which the item still has, are gone from it."""
        stored_spendable = account.balance_micros - account.held_micros + account.credit_limit_micros
        return (
            hold.hold_id in account.holds
            or hold.hold_micros > stored_spendable
            or len(account.holds) >= account.controls.max_live_calls
        )

    def _close(
        self,
        kazoo_account_id: str,
        account_id: str,
        hold_id: str,
        decide: Callable[[Account, Hold], Posting],
        state: Literal["settled", "expired"],
        now: datetime,
    ) -> Closed | None:
        record_key = self._record(kazoo_account_id, account_id, f"hold#{hold_id}")
        for attempt in self.table.attempts():
            account = self.account(kazoo_account_id, account_id)
            record = self.table.get(record_key)
            hold = account.holds.get(hold_id) if account else None
            if account is None or (hold is None and record is None):
                return None
            known = plain(record["state"]) if record else None
            if hold is None and record is not None and (known == "settled" or state == "expired"):
                return Closed(self._entry(account, int(record["number"]["N"])), already=True)
            late = hold is None
            if hold is None:
                hold = hold_from_map(plain(record["hold"]))  # type: ignore[index]
            if known == "settled":
                # Its call was billed before: a request that came too late made the hold again.
                posting = expire(account, hold, now)
                writes: list[dict[str, Any]] = []
            else:
                posting = decide(account, hold)
                kept = {"state": state, "number": posting.entry.number, "hold": hold_to_map(hold)}
                writes = [
                    {
                        "Put": {
                            "Item": record_key | {name: value(one) for name, one in kept.items()},
                            "ConditionExpression": f"{ABSENT} OR #state = :expired",
                            "ExpressionAttributeNames": {"#state": "state"},
                            "ExpressionAttributeValues": {":expired": {"S": "expired"}},
                        }
                    }
                ]
            try:
                self._post(account, posting, writes, late=late)
            except BusyError:
                self.table.pause(attempt)
                continue
            return Closed(posting.entry, already=known == "settled")
        raise StoreUnavailableError(f"account {account_id} stayed too busy to end the hold {hold_id}")
