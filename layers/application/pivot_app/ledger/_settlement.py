"""From KAZOO's events of legs to settled calls, whatever comes first, twice, late or never.

Everything told is kept before anything is decided, so the decision is always made on all that is known. It
can be made again at any time, and whatever is then known books the difference under the same hold. Stopping
anywhere and starting over ends in the same books.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger._account import Account, Hold, LegCharge
from pivot_app.ledger._bill import QUIET_SECONDS, bill
from pivot_app.ledger._charges import Bill, Charge
from pivot_app.ledger._dynamodb import Booked, DynamoDBLedger, Record
from pivot_app.ledger._errors import AccountNotFoundError, InvalidAmountError, InvalidWebhookError
from pivot_app.ledger._events import LegEvent, event_of
from pivot_app.ledger._family import Family, families
from pivot_app.ledger._items import account_key, value
from pivot_app.ledger._leg_store import LegStore, Surroundings
from pivot_app.ledger._outcome import KazooCalls, Settled, Unresolved
from pivot_app.ledger._problems import Problems
from pivot_app.ledger._table import ConditionFailedError

WAIT_SECONDS: Final = QUIET_SECONDS
"""How long after an uncertain event a call is checked again."""

REVISED_SECONDS: Final = 30 * 86400
"""How long after its authorization a settled call is still corrected."""

MAX_HOLDS: Final = 12
"""The maximum number of holds that one event is compared with: the nearest in time."""


@dataclass(slots=True)
class _Known:
    """A hold that something told may concern."""

    account: Account
    hold: Hold
    record: Record | None

    @property
    def is_live(self) -> bool:
        return self.account.hold(self.hold.hold_id) is not None


class Settlement:
    """Settles the calls of one ledger.

    Args:
        ledger: The ledger.
        kazoo: What KAZOO can be asked, where a Crossbar key is configured.

    """

    def __init__(self, ledger: DynamoDBLedger, kazoo: KazooCalls | None = None) -> None:
        self._ledger = ledger
        self._kazoo = kazoo
        self._table = ledger.table
        self.legs = LegStore(ledger.table)
        self._problems = Problems(self.legs)

    # --- What KAZOO tells --------------------------------------------------------------------------

    def process(
        self,
        kazoo_account_id: str,
        webhook: Mapping[str, Any],
        received_at: int,
        now: datetime,
    ) -> list[Settled]:
        """Take a webhook as it came: keep it, and settle the calls it concerns.

        A webhook about a leg that cannot be read is listed for the operator, once.
        """
        try:
            event = event_of(webhook, received_at)
        except InvalidWebhookError as error:
            self._problems.report_webhook(kazoo_account_id, "malformed", webhook, str(error), received_at)
            return [Settled("malformed", reason=str(error))]
        if event is None:
            return [Settled("ignored")]
        if event.kind == "destroy":
            self.legs.hear(kazoo_account_id, received_at)
        return self.told(kazoo_account_id, event, now)

    def told(self, kazoo_account_id: str, event: LegEvent, now: datetime) -> list[Settled]:
        """Store an event of a leg, and settle the calls it concerns."""
        self.legs.keep(kazoo_account_id, event)
        around = self.legs.around(kazoo_account_id, event.call_id, event.clock)
        if not around.has_ends:
            return [Settled("kept")]  # Nothing has ended yet, so there is nothing to settle.
        known = self._known(kazoo_account_id, around, event)
        if event.hold_id and event.kind == "destroy" and event.hold_id not in known:
            reason = f"the leg names hold {event.hold_id}, which no account of this KAZOO account has"
            self._problems.report_unknown_hold(kazoo_account_id, event, reason, now)
            return [Settled("unmatched", event.hold_id, reason=reason)]
        if not known:
            return [Settled("not_prepaid")]
        return self._decide(kazoo_account_id, around, known, now)

    def not_believed(
        self, kazoo_account_id: str, webhook: Mapping[str, Any], reason: str, received_at: int
    ) -> Settled:
        """List a webhook that came with a live token and proves nothing: its sender must be fixed."""
        self._problems.report_webhook(kazoo_account_id, "not_believed", webhook, reason, received_at)
        return Settled("malformed", reason=reason)

    # --- Deciding ------------------------------------------------------------------------------------

    def _known(
        self, kazoo_account_id: str, around: Surroundings, event: LegEvent | None, own: Iterable[Hold] = ()
    ) -> dict[str, _Known]:
        """Return the holds that something may concern, nearest in time first, with their accounts."""
        at = event.received_at if event else 0
        names = sorted(around.hold_ids, key=lambda name: abs(around.hold_ids[name] - at))
        if event and event.hold_id:
            names.insert(0, event.hold_id)
        names = list(dict.fromkeys((*(hold.hold_id for hold in own), *names)))
        around.is_partial |= len(names) > MAX_HOLDS
        accounts: dict[str, Account | None] = {}
        found: dict[str, _Known] = {}
        for hold_id in names[:MAX_HOLDS]:
            number = hold_id.partition(".")[0]
            if number not in accounts:
                accounts[number] = self._ledger.account(kazoo_account_id, number)
            if (account := accounts[number]) is None:
                continue
            hold = account.hold(hold_id)
            record = None if hold else self._ledger.record(kazoo_account_id, number, hold_id)
            if hold or record:
                found[hold_id] = _Known(account, hold or record.hold, record)  # type: ignore[union-attr]
        # Live calls with the same Call-ID whose legs named no hold yet.
        call_ids = {event.call_id for event in around.events}
        for account in [one for one in accounts.values() if one]:
            for hold in account.holds.values():
                if hold.call_id in call_ids and hold.hold_id not in found:
                    found[hold.hold_id] = _Known(account, hold, None)
        return found

    def _decide(
        self,
        kazoo_account_id: str,
        around: Surroundings,
        known: Mapping[str, _Known],
        now: datetime,
    ) -> list[Settled]:
        found = families(around.events, [one.hold for one in known.values()])
        done = []
        for hold_id, one in known.items():
            family = found[hold_id]
            if one.is_live and hold_id not in around.indexed:
                self.legs.index(kazoo_account_id, one.hold)
            to_bill = bill(family, int(now.timestamp()), is_settled=one.record is not None)
            done.append(self._apply(one, to_bill, around, now))
        return done

    def _apply(self, one: _Known, to_bill: Bill, around: Surroundings, now: datetime) -> Settled:
        hold_id, key = one.hold.hold_id, one.account.key
        if to_bill.state == "waiting":
            return Settled("waiting", hold_id, reason=to_bill.reason)
        if to_bill.state == "unresolved":
            if one.record is None:
                return self._unresolved(one, to_bill, now)
            if one.record.decided_by == "kazoo":
                self._problems.report_unfinished(one.account.kazoo_account_id, one.hold, to_bill, now)
            if _seconds(to_bill.charges) <= _seconds(one.record.legs):
                return Settled("already", hold_id)
        if one.record is not None:
            if self._is_outdated(one.record, to_bill, around, now):
                return Settled("already", hold_id)
            if _charged(one.record) == _to_charge(to_bill):
                return Settled("already", hold_id)
        booked = self._ledger.book(*key, hold_id, to_bill.charges, now)
        if booked is None:
            return Settled("unmatched", hold_id)
        self._problems.report_charges(one.account.kazoo_account_id, one.hold, to_bill, booked, now)
        if any(event.hold_id == hold_id for event in around.events):
            self._problems.solve_unknown_hold(one.account.kazoo_account_id, one.hold, around)
        if booked.was_settled_before:
            return Settled("already", hold_id, booked)
        entry = booked.entry
        if entry.kind == "correction":
            if to_bill.state == "ended":
                self._problems.solve_unfinished(one.account.kazoo_account_id, one.hold)
            return Settled("corrected", hold_id, booked)
        if entry.kind == "release":
            return Settled("released", hold_id, booked)
        return Settled("overrun" if entry.overrun else "settled", hold_id, booked)

    @staticmethod
    def _is_outdated(record: Record, to_bill: Bill, around: Surroundings, now: datetime) -> bool:
        """Return whether a settled call stays as it is."""
        if record.decided_by in {"operator", "policy"} and to_bill.is_estimate:
            return True  # An estimate is no better than what they decided.
        if int(now.timestamp()) - record.hold.authorized_at > REVISED_SECONDS:
            return True
        # A partial report never makes a bill smaller.
        return around.is_partial and _seconds(to_bill.charges) < _seconds(record.legs)

    # --- Calls whose end was never told ---------------------------------------------------------------

    def _unresolved(self, one: _Known, to_bill: Bill, now: datetime) -> Settled:
        hold_id = one.hold.hold_id
        self._ledger.mark_unresolved(one.account, one.hold, now)
        controls = one.account.controls
        decided_at = one.hold.expires_at + controls.unresolved_hours * 3600
        if controls.unresolved_policy != "keep" and now.timestamp() >= decided_at:
            charges = to_bill.charges  # Legs whose end was reported are charged, whatever the policy.
            if controls.unresolved_policy == "held" and _seconds(charges) < one.hold.held_seconds:
                charges = (_told_by(one.hold, one.hold.held_seconds),)
            booked = self._ledger.book(
                *one.account.key,
                hold_id,
                charges,
                now,
                decided_by="policy",
                note=f"no end was reported; the account's policy is {controls.unresolved_policy}",
            )
            return Settled("settled" if charges else "released", hold_id, booked)
        return Settled("unresolved", hold_id, reason=to_bill.reason)

    def resolve(
        self,
        kazoo_account_id: str,
        hold_id: str,
        now: datetime,
        *,
        seconds: int,
        note: str = "",
    ) -> Booked:
        """Settle a call by an operator's word: so many seconds of talk, 0 for none.

        An end that arrives later books the difference to what it tells.

        Raises:
            AccountNotFoundError: The hold's account is not there, or never had this hold.
            InvalidAmountError: The seconds are negative.

        """
        if seconds < 0:
            raise InvalidAmountError("seconds", seconds, "0 or more")
        number = hold_id.partition(".")[0]
        account = self._ledger.account(kazoo_account_id, number)
        record = self._ledger.record(kazoo_account_id, number, hold_id) if account else None
        hold = account.hold(hold_id) if account else None
        if hold is None and record is not None:
            hold = record.hold
        if hold is None:
            raise AccountNotFoundError(kazoo_account_id, f"{number} with hold {hold_id}")
        charges = (_told_by(hold, seconds),) if seconds else ()
        booked = self._ledger.book(
            kazoo_account_id, number, hold_id, charges, now, decided_by="operator", note=note
        )
        if booked is None:
            raise AccountNotFoundError(kazoo_account_id, f"{number} with hold {hold_id}")
        return booked

    def unresolved(self, kazoo_account_id: str, now: datetime) -> list[Unresolved]:
        """Return the calls of a KAZOO account that should have ended, and nothing tells how."""
        found = []
        for tenant, number in self._ledger.with_holds():
            if tenant != kazoo_account_id or (account := self._ledger.account(tenant, number)) is None:
                continue
            for hold in account.holds.values():
                if not hold.is_due(now):
                    continue
                _, to_bill = self.look_at(account, hold, now)
                reason = to_bill.reason or "its settlement is under way"
                found.append(Unresolved(tenant, number, hold, reason))
        return sorted(found, key=lambda one: one.hold.authorized_at)

    def look_at(self, account: Account, hold: Hold, now: datetime) -> tuple[Family, Bill]:
        """Return the legs of a call and what they come to, without booking anything."""
        around = self.legs.around(account.kazoo_account_id, hold.call_id, hold.authorized_at)
        known = self._known(account.kazoo_account_id, around, None, [hold])
        family = families(around.events, [one.hold for one in known.values()])[hold.hold_id]
        return family, bill(family, int(now.timestamp()))

    # --- The sweeper ----------------------------------------------------------------------------------

    def sweep(self, account: Account, now: datetime) -> list[Settled]:
        """Settle each call of an account that can be settled; ask KAZOO of those that should have ended."""
        done: list[Settled] = []
        dealt_with: set[str] = set()
        for hold in account.holds.values():
            if hold.hold_id in dealt_with:
                continue
            results = self._sweep(account, hold, now)
            dealt_with |= {one.hold_id for one in results}
            done += results
        return done

    def _sweep(self, account: Account, hold: Hold, now: datetime) -> list[Settled]:
        tenant = account.kazoo_account_id
        around = self.legs.around(tenant, hold.call_id, hold.authorized_at)
        if not around.has_ends and not hold.is_due(now):
            return []
        results = self._decide(tenant, around, self._known(tenant, around, None, [hold]), now)
        if self._kazoo is None or not any(
            one.outcome == "unresolved" and one.hold_id == hold.hold_id for one in results
        ):
            return results
        return [
            *(one for one in results if one.hold_id != hold.hold_id),
            *self._ask_kazoo(account, hold, now),
        ]

    def _ask_kazoo(self, account: Account, hold: Hold, now: datetime) -> list[Settled]:
        """Ask KAZOO of a call that should have ended: if it is gone, its CDRs tell the rest."""
        assert self._kazoo is not None  # noqa: S101
        tenant = account.kazoo_account_id
        family, _ = self.look_at(account, hold, now)
        known = [leg.call_id for leg in (family.caller, *family.legs) if leg is not None]
        call_ids = list(dict.fromkeys((hold.call_id, *known)))
        if any(self._kazoo.is_up(tenant, call_id) for call_id in call_ids):
            return [Settled("unresolved", hold.hold_id, reason="KAZOO says that the call is up")]
        began = datetime.fromtimestamp(hold.authorized_at, UTC)
        ends = list(self._kazoo.ends_of(tenant, call_ids, began))
        for end in ends:
            self.legs.keep(tenant, end)
        if not ends:
            return [Settled("unresolved", hold.hold_id, reason="KAZOO has no CDR of the call")]
        around = self.legs.around(tenant, hold.call_id, hold.authorized_at)
        return self._decide(tenant, around, self._known(tenant, around, None, [hold]), now)

    def is_silent(self, account: Account, hold: Hold, now: datetime) -> bool:
        """Return whether a call should have ended, no event reported it, and no other end came since.

        No end of any call of the KAZOO account came since this one was admitted: the webhook is off.
        """
        if not hold.is_due(now) or self.legs.heard_at(account.kazoo_account_id) >= hold.authorized_at:
            return False
        around = self.legs.around(account.kazoo_account_id, hold.call_id, hold.authorized_at)
        return not any(event.received_at >= hold.authorized_at for event in around.events)

    def close_if_quiet(self, account: Account) -> None:
        """Take an account without holds off the sweeper's list."""
        try:
            self._table.update(
                Key=account_key(*account.key),
                UpdateExpression="REMOVE #open",
                ConditionExpression="size(holds) = :none",
                ExpressionAttributeNames={"#open": "open"},
                ExpressionAttributeValues={":none": value(0)},
            )
        except ConditionFailedError:
            return


def _told_by(hold: Hold, seconds: int) -> Charge:
    """Seconds of talk as somebody says, of no leg in particular."""
    return Charge(hold.call_id, seconds, "call")


def _seconds(legs: Iterable[Charge | LegCharge]) -> int:
    return sum(leg.seconds for leg in legs)


def _charged(record: Record) -> set[tuple[str, str, int]]:
    return {(leg.call_id, leg.why, leg.seconds) for leg in record.legs}


def _to_charge(to_bill: Bill) -> set[tuple[str, str, int]]:
    return {(charge.call_id, charge.why, charge.seconds) for charge in to_bill.charges}
