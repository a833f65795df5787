"""The domain against a plain model: whatever happens in whatever order, the money adds up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from pivot_app.ledger import (
    Account,
    CallRequest,
    Controls,
    Destination,
    Entry,
    Hold,
    HoldConflictError,
    Posting,
    Rate,
    Refusal,
    authorize,
    expire,
    extend,
    settle,
)
from pivot_app.ledger._reconcile import Totals, discrepancies

BEGAN = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)
CREDIT_LIMIT = 500_000
DESTINATIONS = [Destination("+442071838750", "GB"), Destination("+14155550199", "US")]
RATES = (
    Rate("44", 120_000, 10_000, 30, 6),
    Rate("1", 60_000, 0, 60, 60, grace_seconds=3),
)
CONTROLS = Controls(
    max_live_calls=3, max_call_seconds=1800, max_hour_micros=6_000_000, max_day_micros=9_000_000
)


@dataclass
class Plain:
    """The model: what a person would write down, with no structure shared with the code under test."""

    paid_in: int = 0
    charged: int = 0
    held: dict[str, int] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def free(self, now: datetime) -> int:
        """What a new call may use."""
        live = sum(micros for call, micros in self.held.items() if self.ends[call] > now.timestamp())
        return self.paid_in - self.charged - live + CREDIT_LIMIT


class Books(RuleBasedStateMachine):
    """An account with calls that begin, last, end, expire and end again."""

    holds: Bundle[Hold] = Bundle("holds")
    gone: Bundle[Hold] = Bundle("gone")

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGAN
        self.account = Account(
            "tenant", "1001", "USD", credit_limit_micros=CREDIT_LIMIT, rates=RATES, controls=CONTROLS
        )
        self.plain = Plain()
        self.entries: list[Entry] = []
        self.calls = 0

    def post(self, posting: Posting) -> None:
        self.account = self.account.after(posting)
        self.entries.append(posting.entry)

    @rule(micros=st.integers(1, 4_000_000))
    def top_up(self, micros: int) -> None:
        number, balance = self.account.entries + 1, self.account.balance_micros + micros
        self.post(Posting(Entry(number, "top_up", micros, balance, int(self.now.timestamp()), f"r{number}")))
        self.plain.paid_in += micros

    @rule(seconds=st.integers(1, 4000))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(target=holds, destination=st.sampled_from(DESTINATIONS))
    def call(self, destination: Destination) -> Hold | None:
        self.calls += 1
        decision = authorize(self.account, CallRequest(f"call {self.calls}", destination), None, self.now)
        free = self.plain.free(self.now)
        if isinstance(decision, Refusal):
            live = [call for call in self.plain.held if self.plain.ends[call] > self.now.timestamp()]
            cheapest = 70_000 if destination.country == "GB" else 60_000
            if decision.reason == "too_many_calls":
                assert len(live) >= 3
            elif decision.reason == "insufficient_funds":
                assert free < cheapest
            else:
                assert decision.reason in {"hour_limit", "day_limit"}
            return None
        assert 0 < decision.hold_micros <= free
        assert decision.held_seconds <= 1800
        self.account = self.account.with_hold(decision)
        self.plain.held[decision.call_id] = decision.hold_micros
        self.plain.ends[decision.call_id] = decision.expires_at
        return decision

    @rule(hold=holds)
    def ask_again(self, hold: Hold | None) -> None:
        """The same Pivot request again is the same hold; another number on it is a conflict."""
        if hold is None or hold.hold_id not in self.account.holds or not hold.counts(self.now):
            return
        live = self.account.holds[hold.hold_id]
        same, other = DESTINATIONS if hold.destination == DESTINATIONS[0].number else DESTINATIONS[::-1]
        assert authorize(self.account, CallRequest(hold.call_id, same), None, self.now) is live
        with pytest.raises(HoldConflictError):
            authorize(self.account, CallRequest(hold.call_id, other), None, self.now)

    @rule(hold=holds, seconds=st.integers(1, 900))
    def talk_on(self, hold: Hold | None, seconds: int) -> None:
        live = self.account.holds.get(hold.hold_id) if hold else None
        if live is None:
            return
        longer = extend(self.account, live, seconds, self.now)
        if isinstance(longer, Refusal):
            return
        more = longer.hold_micros - live.hold_micros
        assert 0 <= more <= max(self.plain.free(self.now), 0)
        assert live.held_seconds < longer.held_seconds <= min(live.held_seconds + seconds, 1800)
        self.account = self.account.with_hold(longer)
        self.plain.held[live.call_id] = longer.hold_micros
        self.plain.ends[live.call_id] = longer.expires_at

    @rule(target=gone, hold=consumes(holds), seconds=st.integers(0, 3000))
    def hang_up(self, hold: Hold | None, seconds: int) -> Hold | None:
        live = self.account.holds.get(hold.hold_id) if hold else None
        if live is None:
            return None
        posting = settle(self.account, live, seconds, self.now)
        cost = -posting.entry.amount_micros
        if seconds == 0:
            assert cost == 0
        if seconds <= live.held_seconds:
            assert cost <= live.hold_micros
            assert not posting.entry.overrun
        self.post(posting)
        del self.plain.held[live.call_id]
        self.plain.charged += cost
        self.plain.settled.add(live.call_id)
        return live

    @rule(target=gone, hold=consumes(holds))
    def sweep(self, hold: Hold | None) -> Hold | None:
        live = self.account.holds.get(hold.hold_id) if hold else None
        if live is None or live.counts(self.now):
            return None
        before = self.account.available_micros(self.now)
        self.post(expire(self.account, live, self.now))
        assert self.account.available_micros(self.now) == before
        del self.plain.held[live.call_id]
        return live

    @rule(hold=consumes(gone), seconds=st.integers(1, 3000))
    def end_comes_late(self, hold: Hold | None, seconds: int) -> None:
        if hold is None or hold.call_id in self.plain.settled:
            return
        posting = settle(self.account, hold, seconds, self.now)
        assert posting.entry.overrun
        self.post(posting)
        self.plain.charged -= posting.entry.amount_micros
        self.plain.settled.add(hold.call_id)

    @invariant()
    def the_books_balance(self) -> None:
        account = self.account
        assert account.credited_micros == self.plain.paid_in
        assert account.spent_micros == self.plain.charged
        assert {hold.call_id: hold.hold_micros for hold in account.holds.values()} == self.plain.held
        assert account.spendable_micros(self.now) == self.plain.free(self.now)
        available = account.balance_micros - account.held_micros
        totals = Totals(available, account.held_micros)
        assert available + account.held_micros + account.spent_micros == account.credited_micros
        assert discrepancies(account, totals, self.entries) == []

    @invariant()
    def spend_is_within_its_limits(self) -> None:
        """Without overruns no hour and no day goes over its limit."""
        if not any(entry.overrun for entry in self.entries):
            assert 0 <= self.account.hour.micros <= 6_000_000
            assert 0 <= self.account.day.micros <= 9_000_000


Books.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestBooks = Books.TestCase


def test_reconcile_names_what_is_wrong() -> None:
    """A missing entry, a wrong balance and a call billed twice each have a sentence of their own."""
    account = Account("tenant", "1001", "USD", credited_micros=100, spent_micros=20, entries=3)
    entries = [
        Entry(1, "top_up", 100, 100, 0, "r"),
        Entry(2, "call", -10, 90, 0, "1001.h"),
        Entry(3, "call", -10, 80, 0, "1001.h"),
    ]
    right = Totals(80, 0)
    assert discrepancies(account, right, entries) == ["entry 3 settles 1001.h a second time"]
    assert any("entry 2 is missing" in one for one in discrepancies(account, right, [entries[0], entries[2]]))
    assert any("held is 5" in one for one in discrepancies(account, Totals(80, 5), entries[:1]))
    assert any("credited is 100" in one for one in discrepancies(account, Totals(81, 0), entries))
