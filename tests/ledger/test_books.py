"""The ledger as deployed against a plain model: whatever happens in whatever order, the money adds up.

The account in memory and the conditional write follow from one description of each movement, so both are
driven here: every request of the real adapter goes to a table in memory that is as strict as DynamoDB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from pivot_app.ledger import (
    Account,
    Authorized,
    CallRequest,
    Controls,
    Destination,
    DynamoDBLedger,
    Entry,
    HeldMoneyError,
    Hold,
    Rate,
    Refusal,
)
from pivot_app.ledger._account import DAY_SECONDS, HOUR_SECONDS, Window
from pivot_app.ledger._items import account_from_item, account_to_item, account_to_map
from pivot_app.ledger._movements import (
    Movement,
    Requirement,
    after,
    call_corrected,
    call_settled,
    credited,
    found_unresolved,
    hold_made,
    perform,
    update_of,
)
from pivot_app.ledger._reconcile import Totals, discrepancies
from pivot_app.ledger._table import ConditionFailedError
from tests.ledger.simulation.memory_table import MemoryTable

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENANT, NUMBER = "tenant", "1001"
CREDIT_LIMIT = 500_000
MAX_HOUR, MAX_DAY = 6_000_000, 9_000_000
RATES = (
    Rate("44", 30_000),
    Rate("1", 60_000, 10_000, first_increment_seconds=30, next_increment_seconds=6),
)
CONTROLS = Controls(max_live_calls=3, max_call_seconds=1800, max_hour_micros=MAX_HOUR, max_day_micros=MAX_DAY)
DESTINATIONS = [Destination("+442071838750", "GB"), Destination("+12125550188", "US")]


@dataclass
class Plain:
    """What the books must say, kept in the plainest way; nothing here is shared with the code under test."""

    paid_in: int = 0
    charged: int = 0
    held: dict[str, int] = field(default_factory=dict)
    posted: list[tuple[float, int]] = field(default_factory=list)
    settled: dict[str, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """What a new call may use."""
        return self.paid_in - self.charged - sum(self.held.values()) + CREDIT_LIMIT

    def spent_in(self, now: datetime, seconds: int) -> int:
        """What was spent in this hour or day, and what is held."""
        start = now.timestamp() - now.timestamp() % seconds
        return sum(micros for at, micros in self.posted if at >= start) + sum(self.held.values())


class Books(RuleBasedStateMachine):
    """An account with calls that begin, last, end, are resolved by hand and end after all."""

    holds: Bundle[Hold | None] = Bundle("holds")
    gone: Bundle[Hold | None] = Bundle("gone")

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGAN
        self.ledger = DynamoDBLedger(MemoryTable(), "accounts")
        account = Account(
            TENANT, NUMBER, "USD", credit_limit_micros=CREDIT_LIMIT, rates=RATES, controls=CONTROLS
        )
        self.ledger.create(account)
        self.plain = Plain()
        self.calls = 0
        self.references = count()

    @property
    def account(self) -> Account:
        account = self.ledger.account(TENANT, NUMBER)
        assert account is not None
        return account

    @rule(micros=st.integers(1, 4_000_000))
    def top_up(self, micros: int) -> None:
        self.ledger.top_up(TENANT, NUMBER, micros, reference=f"r{next(self.references)}", now=self.now)
        self.plain.paid_in += micros

    @rule(micros=st.integers(1, 4_000_000))
    def take_out(self, micros: int) -> None:
        """An adjustment never takes what calls hold."""
        reference = f"r{next(self.references)}"
        allowed = not self.plain.held or self.plain.free >= micros
        try:
            self.ledger.adjust(TENANT, NUMBER, -micros, reference=reference, now=self.now, note="paid out")
        except HeldMoneyError:
            assert not allowed
        else:
            assert allowed
            self.plain.paid_in -= micros

    @rule(seconds=st.integers(1, 4000))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(target=holds, destination=st.sampled_from(DESTINATIONS))
    def call(self, destination: Destination) -> Hold | None:
        self.calls += 1
        request = CallRequest(f"call {self.calls}", destination)
        free = self.plain.free
        room = min(
            MAX_HOUR - self.plain.spent_in(self.now, HOUR_SECONDS),
            MAX_DAY - self.plain.spent_in(self.now, DAY_SECONDS),
        )
        decision = self.ledger.authorize(TENANT, NUMBER, request, self.now)
        if isinstance(decision, Refusal):
            cheapest = 30_000 if destination.country == "GB" else 40_000
            if decision.reason == "too_many_calls":
                assert len(self.plain.held) >= 3
            elif decision.reason == "insufficient_funds":
                assert free < cheapest
            else:
                assert decision.reason in {"hour_limit", "day_limit"}
                assert room < cheapest
            return None
        hold = decision.hold
        assert 0 < hold.hold_micros <= min(free, room)
        assert hold.held_seconds <= 1800
        self.plain.held[hold.hold_id] = hold.hold_micros
        return hold

    @rule(hold=holds)
    def ask_again(self, hold: Hold | None) -> None:
        """The same request within seconds is the same hold; later it is a call of its own."""
        if hold is None or hold.hold_id not in self.plain.held:
            return
        (destination,) = (one for one in DESTINATIONS if one.number == hold.destination)
        decision = self.ledger.authorize(TENANT, NUMBER, CallRequest(hold.call_id, destination), self.now)
        if self.now.timestamp() - hold.authorized_at <= 10:
            assert isinstance(decision, Authorized)
            assert decision.hold.hold_id == hold.hold_id
        elif isinstance(decision, Authorized):
            assert decision.hold.hold_id != hold.hold_id
            self.plain.held[decision.hold.hold_id] = decision.hold.hold_micros

    @rule(hold=holds, seconds=st.integers(1, 900))
    def talk_on(self, hold: Hold | None, seconds: int) -> None:
        """An extension is spend of the hour and the day it is made in."""
        if hold is None or hold.hold_id not in self.plain.held:
            return
        free = self.plain.free
        room = min(
            MAX_HOUR - self.plain.spent_in(self.now, HOUR_SECONDS),
            MAX_DAY - self.plain.spent_in(self.now, DAY_SECONDS),
        )
        before = self.account.hold(hold.hold_id)
        assert before is not None
        longer = self.ledger.extend(TENANT, NUMBER, hold.hold_id, seconds, self.now)
        if not isinstance(longer, Hold):
            return
        more = longer.hold_micros - before.hold_micros
        assert 0 <= more <= max(min(free, room), 0)
        assert before.held_seconds < longer.held_seconds <= min(before.held_seconds + seconds, 1800)
        self.plain.held[hold.hold_id] = longer.hold_micros

    @rule(target=gone, hold=consumes(holds), seconds=st.integers(0, 3000))
    def hang_up(self, hold: Hold | None, seconds: int) -> Hold | None:
        if hold is None or hold.hold_id not in self.plain.held:
            return None
        live = self.account.hold(hold.hold_id)
        assert live is not None
        booked = self.ledger.settle(TENANT, NUMBER, hold.hold_id, seconds, self.now)
        assert booked is not None
        cost = -booked.entry.amount_micros
        assert cost == hold.rate.cost_micros(seconds)
        if seconds <= live.held_seconds:
            assert cost <= live.hold_micros
            assert not booked.entry.overrun
        del self.plain.held[hold.hold_id]
        self.book(hold, cost)
        return hold

    @rule(hold=gone, seconds=st.integers(0, 3000))
    def more_is_known(self, hold: Hold | None, seconds: int) -> None:
        """A settled call is corrected, up or down; the same again changes nothing."""
        if hold is None:
            return
        for _ in range(2):
            booked = self.ledger.settle(TENANT, NUMBER, hold.hold_id, seconds, self.now)
            assert booked is not None
        self.book(hold, hold.rate.cost_micros(seconds) - self.plain.settled[hold.hold_id])

    def book(self, hold: Hold, more: int) -> None:
        self.plain.charged += more
        self.plain.settled[hold.hold_id] = self.plain.settled.get(hold.hold_id, 0) + more
        self.plain.posted.append((self.now.timestamp(), max(more, 0)))

    @invariant()
    def the_books_balance(self) -> None:
        account = self.account
        assert account.credited_micros == self.plain.paid_in
        assert account.spent_micros == self.plain.charged
        assert {h.hold_id: h.hold_micros for h in account.holds.values()} == self.plain.held
        assert account.spendable_micros(self.now) == self.plain.free
        assert self.ledger.reconcile(TENANT, NUMBER) == []


Books.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestBooks = Books.TestCase


# --- The conditional write is what the account in memory does -------------------------------------

MICROS = st.integers(-(10**7), 10**7)
WINDOW_STARTS = st.sampled_from([0, 1_772_362_800, 1_772_366_400])


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """Draw an account with money, limits and up to three live calls."""
    holds = [
        Hold(
            f"{NUMBER}.{number}",
            "call",
            "+44",
            draw(st.integers(0, 10**6)),
            60,
            0,
            900,
            RATES[0],
            slot=f"s{number}",
            unresolved_at=draw(st.sampled_from([0, 1_772_366_400])),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    return Account(
        TENANT,
        NUMBER,
        "USD",
        credited_micros=draw(MICROS),
        spent_micros=draw(MICROS),
        credit_limit_micros=draw(st.sampled_from([0, 10**6])),
        controls=Controls(
            max_live_calls=draw(st.integers(1, 4)),
            max_hour_micros=draw(st.none() | st.integers(0, 10**6)),
            max_day_micros=draw(st.none() | st.integers(0, 10**6)),
        ),
        holds={hold.place: hold for hold in holds},
        hour=Window(draw(WINDOW_STARTS), draw(MICROS)),
        day=Window(draw(WINDOW_STARTS), draw(MICROS)),
        revision=draw(st.integers(1, 3)),
    )


@st.composite
def movements(draw: st.DrawFn, account: Account) -> Movement:
    """Draw a movement that was decided on an account."""
    at = 1_772_366_400 + draw(st.integers(-3_600, 3_600))
    live = draw(st.sampled_from([*account.holds.values(), None])) if account.holds else None
    kind = draw(st.sampled_from(["hold", "longer", "settle", "correct", "credit", "unresolved"]))
    if kind == "unresolved" and live:
        return found_unresolved(live, at)
    if kind == "settle" and live:
        return call_settled(account, live, draw(st.integers(0, 10**6)), at)
    if kind == "longer" and live:
        longer = replace(live, hold_micros=live.hold_micros + draw(st.integers(0, 10**6)))
        return hold_made(account, longer, instead_of=live, at=at)
    if kind == "correct":
        return call_corrected(account, draw(MICROS), at)
    if kind == "credit":
        return credited(account, draw(MICROS.filter(bool)), may_take_held=draw(st.booleans()))
    seconds = draw(st.sampled_from([60, 3_600]))
    hold = Hold(
        f"{NUMBER}.new", "call", "+44", draw(st.integers(0, 10**6)), seconds, at, at + 900, RATES[0], slot="n"
    )
    return hold_made(account, hold)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_the_write_does_what_the_account_in_memory_does(data: st.DataObject) -> None:
    """Each movement, on the account it was decided on or on another one: both refuse it, or both agree."""
    decided_on, there = data.draw(accounts()), data.draw(accounts())
    there = data.draw(st.sampled_from([decided_on, there]))
    movement = data.draw(movements(decided_on))
    ledger = DynamoDBLedger(MemoryTable(), "accounts")
    ledger.table.put(account_to_item(there))
    expected = after(there, movement)
    try:
        item = ledger.table.update(**update_of(there.key, movement))
    except ConditionFailedError:
        assert expected is None
        return
    assert expected is not None
    stored = account_from_item(item)
    assert stored == expected
    assert item["held_micros"] == account_to_item(expected)["held_micros"]
    assert item["available_micros"] == account_to_item(expected)["available_micros"]


LIMITED = Account(
    TENANT,
    NUMBER,
    "USD",
    credited_micros=10**9,
    controls=Controls(max_hour_micros=1_000_000, max_day_micros=2_000_000, max_call_seconds=600),
)
AT = 1_772_366_400


@pytest.mark.parametrize(
    ("hour", "day", "fits"),
    [
        ((AT, 700_000), (0, 0), True),
        ((AT, 700_001), (0, 0), False),
        ((0, 900_000), (0, 0), True),
        ((AT, 0), (AT - AT % DAY_SECONDS, 1_700_000), True),
        ((AT, 0), (AT - AT % DAY_SECONDS, 1_700_001), False),
    ],
)
def test_the_write_itself_keeps_hour_and_day_limits(
    hour: tuple[int, int], day: tuple[int, int], fits: bool
) -> None:
    """Spend that another instance booked meanwhile counts: the condition says so, whatever was decided."""
    seen = replace(LIMITED, hour=Window(hour[0], 0), day=Window(day[0], 0))
    hold = Hold(f"{NUMBER}.h", "call", "+44", 300_000, 600, AT, AT + 900, RATES[0], slot="s")
    movement = hold_made(seen, hold)
    there = replace(LIMITED, hour=Window(*hour), day=Window(*day))
    ledger = DynamoDBLedger(MemoryTable(), "accounts")
    ledger.table.put(account_to_item(there))
    assert (after(there, movement) is not None) is fits
    if fits:
        ledger.table.update(**update_of(there.key, movement))
    else:
        with pytest.raises(ConditionFailedError):
            ledger.table.update(**update_of(there.key, movement))


def test_what_is_held_counts_in_the_next_hour_too() -> None:
    """A call started before the turn of the hour uses the next hour's limit while it lives."""
    hold = Hold(f"{NUMBER}.h", "call", "+44", 900_000, 600, AT - 60, AT + 900, RATES[0], slot="s")
    account = replace(LIMITED, holds={"s": hold}, hour=Window(AT - HOUR_SECONDS, 900_000))
    another = replace(hold, hold_id=f"{NUMBER}.i", slot="t", hold_micros=200_000, authorized_at=AT + 1)
    assert after(account, hold_made(account, another)) is None
    fits = after(account, hold_made(account, replace(another, hold_micros=100_000)))
    assert fits is not None
    assert fits.hour == Window(AT, 1_000_000)


@pytest.mark.parametrize(
    ("test", "operand", "found"),
    [
        ("<", 5, False),
        ("<", 6, True),
        ("<=", 5, True),
        (">=", 6, False),
        ("=", 5, True),
        ("absent", None, False),
    ],
)
def test_requirements_mean_the_same_in_memory_and_on_the_table(test: Any, operand: Any, found: bool) -> None:
    """One attribute, each comparison."""
    movement = Movement(requires=(Requirement(("revision",), test, operand),), adds={"spent_micros": 1})
    account = replace(LIMITED, revision=5)
    assert (perform(movement, account_to_map(account)) is not None) is found
    ledger = DynamoDBLedger(MemoryTable(), "accounts")
    ledger.table.put(account_to_item(account))
    if found:
        ledger.table.update(**update_of(account.key, movement))
    else:
        with pytest.raises(ConditionFailedError):
            ledger.table.update(**update_of(account.key, movement))


def test_reconcile_names_what_is_wrong() -> None:
    """A missing entry, a wrong sum and a call billed twice each have a sentence of their own."""
    account = Account("tenant", "1001", "USD", credited_micros=100, spent_micros=20)
    entries = [
        Entry("top_up", 100, 0, "r", number=1),
        Entry("call", -10, 0, "1001.h", number=2),
        Entry("call", -10, 0, "1001.h", number=3),
    ]
    right = Totals(80, 0)
    assert discrepancies(account, right, entries) == ["entry 3 settles 1001.h a second time"]
    assert any("charges add up to 10" in one for one in discrepancies(account, right, entries[:2]))
    assert any("held is 5" in one for one in discrepancies(account, Totals(80, 5), entries))
    assert any("credited is 100" in one for one in discrepancies(account, Totals(81, 0), entries))


def as_stored(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Plain values as the table has them."""
    return {name: {"N": str(kept)} if isinstance(kept, int) else {"S": kept} for name, kept in fields.items()}


def test_books_of_before_are_read_on() -> None:
    """Numbered entries, holds without slots and records of expired holds: nothing needs a migration."""
    ledger = DynamoDBLedger(MemoryTable(), "accounts")
    rate = RATES[0].to_map()
    hold = {"hold_id": "1001.old", "call_id": "a", "destination": "+442071838750", "hold_micros": 30_000}
    hold |= {"held_seconds": 60, "authorized_at": AT, "expires_at": AT + 960, "billed_leg": "b"}
    old = {"M": {**as_stored(hold), "rate": {"M": as_stored(rate)}}}
    account = Account(TENANT, NUMBER, "USD", credited_micros=100_000, spent_micros=30_000, rates=RATES)
    item = account_to_item(account) | {"entries": {"N": "2"}, "holds": {"M": {"1001.old": old}}}
    item |= {"held_micros": {"N": "30000"}, "available_micros": {"N": "40000"}}
    ledger.table.put(item)
    pk = {"pk": {"S": f"{TENANT}#{NUMBER}"}}
    first = {"number": 1, "kind": "top_up", "amount_micros": 100_000, "balance_micros": 100_000}
    second = {"number": 2, "kind": "call", "amount_micros": -30_000, "balance_micros": 70_000, "seconds": 50}
    for entry in (first, second):
        fields = {**entry, "at": AT, "reference": "1001.done", "billed_seconds": 60}
        ledger.table.put({**pk, "sk": {"S": f"entry#{entry['number']:012d}"}, **as_stored(fields)})
    record = {"state": {"S": "settled"}, "number": {"N": "2"}, "hold": old}
    ledger.table.put({**pk, "sk": {"S": "hold#1001.done"}, **record})
    assert ledger.reconcile(TENANT, NUMBER) == []
    now = datetime.fromtimestamp(AT + 100, UTC)
    booked = ledger.settle(TENANT, NUMBER, "1001.old", 60, now)
    assert booked is not None
    assert booked.entry.amount_micros == -30_000
    corrected = ledger.settle(TENANT, NUMBER, "1001.done", 61, now)
    assert corrected is not None
    assert (corrected.entry.kind, corrected.entry.amount_micros) == ("correction", -30_000)
    assert ledger.reconcile(TENANT, NUMBER) == []
    assert [entry.balance_micros for entry in ledger.entries(TENANT, NUMBER)] == [
        100_000,
        70_000,
        40_000,
        10_000,
    ]
