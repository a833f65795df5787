"""One call, one settlement: for every order of its events, and wherever a consumer is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, Literal

import pytest
from botocore.exceptions import EndpointConnectionError

from pivot_app.ledger import (
    Account,
    CallRequest,
    Controls,
    Destination,
    DynamoDBLedger,
    Leg,
    Rate,
    Settlement,
    StoreUnavailableError,
    hold_id_for,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCOUNT = "1001"
A_LEG, B_LEG = "a-leg@pbx", "b-leg@carrier"
LONDON = Destination("+442071838750", "GB")
BY_THE_SECOND = Rate("44", 60_000, first_increment_seconds=1, next_increment_seconds=1)
TALKED, LISTENED_AND_TALKED = 100, 130


def legs(hold_id: str = "") -> tuple[Leg, Leg]:
    """The ends of a caller's leg and of the carrier's, as the webhook told them."""
    ended_at = int(NOW.timestamp()) + 140
    return (
        Leg(A_LEG, "inbound", LISTENED_AND_TALKED, B_LEG, hold_id, "NORMAL_CLEARING", ended_at),
        Leg(B_LEG, "outbound", TALKED, A_LEG, "", "NORMAL_CLEARING", ended_at),
    )


def open_account(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> None:
    """An account with five units and calls of ten minutes at most."""
    controls = Controls(max_call_seconds=600)
    account = Account(kazoo_account_id, account_id, "USD", rates=(BY_THE_SECOND,), controls=controls)
    ledger.create(account, opening_micros=5_000_000)


def books(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> Account:
    """The account, once its books are proven right."""
    assert ledger.reconcile(kazoo_account_id, account_id) == []
    return stored(ledger, kazoo_account_id, account_id)


def stored(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> Account:
    """The account as it is in the table."""
    account = ledger.account(kazoo_account_id, account_id)
    assert account is not None
    return account


EVENTS = {
    "with duplicates": ("authorize", "a-leg", "b-leg", "a-leg again", "expiry"),
    "asked twice": ("authorize", "authorize again", "a-leg", "b-leg", "expiry"),
}


@pytest.mark.parametrize("events", EVENTS)
def test_every_order_settles_once(ledger: DynamoDBLedger, kazoo_account_id: str, events: str) -> None:
    """In all 120 orders the call is billed once, by its conversation where that was known in time."""
    settlement = Settlement(ledger)
    for number, order in enumerate(permutations(EVENTS[events])):
        account_id = str(number)
        a_call, b_call = f"{number} {A_LEG}", f"{number} {B_LEG}"
        open_account(ledger, kazoo_account_id, account_id)
        hold_id = hold_id_for(kazoo_account_id, account_id, a_call)
        now = NOW + timedelta(minutes=3)
        ended_at = int(now.timestamp())
        ends = {
            "a-leg": Leg(a_call, "inbound", LISTENED_AND_TALKED, b_call, hold_id, "", ended_at),
            "b-leg": Leg(b_call, "outbound", TALKED, a_call, "", "", ended_at),
        }
        for event in order:
            kind = event.removesuffix(" again")
            if kind == "authorize":
                ledger.authorize(kazoo_account_id, account_id, CallRequest(a_call, LONDON), now)
            elif kind == "expiry":
                now += timedelta(days=1)
                settlement.sweep(stored(ledger, kazoo_account_id, account_id), now)
            else:
                settlement.leg_ended(kazoo_account_id, ends[kind], now)
        settlement.sweep(stored(ledger, kazoo_account_id, account_id), now + timedelta(days=2))
        account = books(ledger, kazoo_account_id, account_id)
        calls = [e for e in ledger.entries(kazoo_account_id, account_id) if e.kind in {"call", "release"}]
        assert [entry.call_id for entry in calls] == [a_call], order
        expiry = order.index("expiry")
        a_leg = min(place for place, event in enumerate(order) if event.startswith("a-leg"))
        in_time = order.index("b-leg") < expiry or a_leg > expiry
        assert calls[0].seconds == TALKED or not in_time, order
        assert account.spent_micros == -calls[0].amount_micros > 0, order
        assert not account.holds, order


def test_an_end_after_expiry_is_billed_and_flagged(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A hold that expired gave its money back; the call that lasted on is charged all the same."""
    open_account(ledger, kazoo_account_id)
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest(A_LEG, LONDON), NOW)
    later = NOW + timedelta(hours=3)
    Settlement(ledger).sweep(books(ledger, kazoo_account_id), later)
    account = books(ledger, kazoo_account_id)
    assert not account.holds
    assert account.available_micros(later) == 5_000_000
    hold_id = hold_id_for(kazoo_account_id, ACCOUNT, A_LEG)
    for leg in legs(hold_id):
        settled = Settlement(ledger).leg_ended(kazoo_account_id, leg, later)
    assert settled.outcome == "overrun"
    assert books(ledger, kazoo_account_id).spent_micros == TALKED * 1_000


def test_expired_holds_stop_counting_without_a_sweeper(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Nobody sweeps; the next call gets the money, and the place, of the one that was forgotten."""
    ledger.create(
        Account(
            kazoo_account_id,
            ACCOUNT,
            "USD",
            rates=(BY_THE_SECOND,),
            controls=Controls(max_live_calls=1, max_call_seconds=600),
        )
    )
    ledger.top_up(kazoo_account_id, ACCOUNT, 600_000, reference="r", now=NOW)
    first = ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest("first", LONDON), NOW)
    later = NOW + timedelta(hours=1)
    second = ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest("second", LONDON), later)
    assert (first.hold.hold_micros, second.hold.hold_micros) == (600_000, 600_000)  # type: ignore[union-attr]
    assert [hold.call_id for hold in books(ledger, kazoo_account_id).holds.values()] == ["second"]


def test_an_end_nobody_held_money_for_is_kept(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A leg that names a hold nobody has waits for an operator, until the hold appears after all."""
    open_account(ledger, kazoo_account_id)
    hold_id = hold_id_for(kazoo_account_id, ACCOUNT, A_LEG)
    a_leg, b_leg = legs(hold_id)
    settlement = Settlement(ledger)
    assert settlement.leg_ended(kazoo_account_id, b_leg, NOW).outcome == "not_prepaid"
    assert settlement.leg_ended(kazoo_account_id, a_leg, NOW).outcome == "unmatched"
    assert [leg.call_id for leg in settlement.unmatched(kazoo_account_id)] == [A_LEG]
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest(A_LEG, LONDON), NOW)
    settlement.sweep(books(ledger, kazoo_account_id), NOW)
    assert books(ledger, kazoo_account_id).spent_micros == TALKED * 1_000
    assert settlement.unmatched(kazoo_account_id) == []


def test_another_tenant_s_webhook_reaches_no_account(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A hold's id is worth nothing in the webhook of another KAZOO account."""
    open_account(ledger, kazoo_account_id)
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest(A_LEG, LONDON), NOW)
    hold_id = hold_id_for(kazoo_account_id, ACCOUNT, A_LEG)
    for leg in legs(hold_id):
        assert Settlement(ledger).leg_ended("f" * 32, leg, NOW).closed is None
    assert books(ledger, kazoo_account_id).spent_micros == 0


@pytest.mark.parametrize(
    ("ended", "seconds"),
    [
        ([("a", 130, "b")], None),
        ([("b", 100, "a")], None),
        ([("a", 130, "b"), ("b", 100, "a")], 100),
        ([("a", 20, "")], 0),
        ([("a", 20, ""), ("x", 0, "a")], 0),
        ([("x", 0, "a"), ("a", 130, "b"), ("b", 100, "a")], 100),
    ],
)
def test_the_conversation_is_billed(
    ledger: DynamoDBLedger, kazoo_account_id: str, ended: list[tuple[str, int, str]], seconds: int | None
) -> None:
    """Prompts and ringing are never charged: not answered is 0, bridged is the b-leg, one leg alone waits."""
    open_account(ledger, kazoo_account_id)
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest("a", LONDON), NOW)
    hold_id = hold_id_for(kazoo_account_id, ACCOUNT, "a")
    settlement = Settlement(ledger)
    for call_id, billing, other in ended:
        leg = Leg(call_id, "inbound" if call_id == "a" else "outbound", billing, other, hold_id)
        settled = settlement.leg_ended(kazoo_account_id, leg, NOW)
    account = books(ledger, kazoo_account_id)
    if seconds is None:
        assert settled.outcome == "waiting"
        assert account.held_micros == 600_000
    else:
        assert (account.spent_micros, account.held_micros) == (seconds * 1_000, 0)


@pytest.mark.parametrize("billed_leg", ["a", "b"])
@pytest.mark.parametrize("cav", [True, False])
def test_a_leg_that_ends_before_the_call_settles_nothing(
    ledger: DynamoDBLedger, kazoo_account_id: str, billed_leg: Literal["a", "b"], cav: bool
) -> None:
    """A carrier that failed before another answered must not make the hour that follows free."""
    open_account(ledger, kazoo_account_id)
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest("a", LONDON, billed_leg), NOW)
    hold_id = hold_id_for(kazoo_account_id, ACCOUNT, "a") if cav else ""
    settlement = Settlement(ledger)
    settlement.leg_ended(kazoo_account_id, Leg("failed", "outbound", 0, "a", hold_id), NOW)
    later = NOW + timedelta(minutes=5)
    failed = Leg("failed", "outbound", 0, "a", hold_id)
    settlement.leg_ended(kazoo_account_id, failed, later, waited=True)
    settlement.sweep(books(ledger, kazoo_account_id), later)
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    for leg in (Leg("b", "outbound", 500, "a", hold_id), Leg("a", "inbound", 500, "b", hold_id)):
        settlement.leg_ended(kazoo_account_id, leg, later)
    settlement.sweep(books(ledger, kazoo_account_id), later)
    assert books(ledger, kazoo_account_id).spent_micros == 500_000


@pytest.mark.parametrize(("seconds", "kind"), [(100, "call"), (0, "expire")])
def test_a_call_whose_own_end_never_came(
    ledger: DynamoDBLedger, kazoo_account_id: str, seconds: int, kind: str
) -> None:
    """When the hold expires an answered b-leg is billed; else the call can still be billed."""
    open_account(ledger, kazoo_account_id)
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest("a", LONDON), NOW)
    settlement = Settlement(ledger)
    settlement.leg_ended(kazoo_account_id, Leg("b", "outbound", seconds, "a"), NOW)
    settlement.sweep(books(ledger, kazoo_account_id), NOW + timedelta(minutes=10))
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    settlement.sweep(books(ledger, kazoo_account_id), NOW + timedelta(hours=1))
    assert books(ledger, kazoo_account_id).spent_micros == seconds * 1_000
    *_, last = ledger.entries(kazoo_account_id, ACCOUNT)
    assert last.kind == kind


def test_a_call_made_after_its_hold_was_voided_is_billed(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """The gate failed after the hold and was asked again, by the callflow's next try: not a free call."""
    open_account(ledger, kazoo_account_id)
    hold_id = hold_id_for(kazoo_account_id, ACCOUNT, A_LEG)
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest(A_LEG, LONDON), NOW)
    ledger.void(kazoo_account_id, ACCOUNT, hold_id, NOW)
    assert not books(ledger, kazoo_account_id).holds
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest(A_LEG, LONDON), NOW)
    for leg in legs(hold_id):
        Settlement(ledger).leg_ended(kazoo_account_id, leg, NOW)
    account = books(ledger, kazoo_account_id)
    assert (account.spent_micros, account.held_micros) == (TALKED * 1_000, 0)


class Killed(Exception):  # noqa: N818
    """The process ended here."""


class Mortal:
    """A client whose process is killed at its nth request: before it is sent, or once it was done."""

    def __init__(self, client: Any, nth: int, when: str) -> None:
        self.client, self.left, self.when = client, nth, when
        self.exceptions = client.exceptions

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def run(**request: Any) -> Any:
            self.left -= 1
            if self.left == 0 and self.when == "before":
                raise Killed
            answer = getattr(self.client, operation)(**request)
            if self.left == 0:
                raise Killed
            return answer

        return run


def every_death(work: Callable[[Any, str], Any], client: Any) -> Iterator[str]:
    """Run `work` with a client that dies at each request in turn, until it dies no more."""
    for when in ("before", "after"):
        for nth in range(1, 50):
            name = f"{when} {nth}"
            mortal = Mortal(client, nth, when)
            try:
                work(mortal, name)
            except Killed:
                yield name
            else:
                break
        else:
            raise AssertionError("never got through")


def test_a_consumer_killed_at_any_request(
    ledger: DynamoDBLedger, emulator: Any, kazoo_account_id: str
) -> None:
    """Killed before or after each of its requests, and redelivered: the call is settled, once."""
    client, table = ledger.table.client, ledger.table.name
    numbers: dict[str, str] = {}

    def consume(mortal: Any, death: str) -> None:
        account_id = numbers.setdefault(death, str(len(numbers)))
        if ledger.account(kazoo_account_id, account_id) is None:
            open_account(ledger, kazoo_account_id, account_id)
            ledger.authorize(kazoo_account_id, account_id, CallRequest(A_LEG + account_id, LONDON), NOW)
        hold_id = hold_id_for(kazoo_account_id, account_id, A_LEG + account_id)
        settlement = Settlement(DynamoDBLedger(mortal, table))
        a_leg = Leg(A_LEG + account_id, "inbound", 130, B_LEG + account_id, hold_id)
        b_leg = Leg(B_LEG + account_id, "outbound", 100, A_LEG + account_id)
        for leg in (b_leg, a_leg):
            settlement.leg_ended(kazoo_account_id, leg, NOW)

    deaths = list(every_death(consume, client))
    assert len(deaths) > 15
    for death in deaths:
        consume(client, death)
        assert books(ledger, kazoo_account_id, numbers[death]).spent_micros == 100_000
        assert not books(ledger, kazoo_account_id, numbers[death]).holds


def test_a_gate_killed_at_any_request(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Killed between the hold and the answer, the money comes back when the call's end or the expiry does."""
    client, table = ledger.table.client, ledger.table.name
    numbers: dict[str, str] = {}

    def admit(mortal: Any, death: str) -> None:
        account_id = numbers.setdefault(death, str(len(numbers)))
        if ledger.account(kazoo_account_id, account_id) is None:
            open_account(ledger, kazoo_account_id, account_id)
        request = CallRequest(A_LEG + account_id, LONDON)
        DynamoDBLedger(mortal, table).authorize(kazoo_account_id, account_id, request, NOW)

    for death in every_death(admit, client):
        account_id = numbers[death]
        unanswered = Leg(A_LEG + account_id, "inbound", 12)
        Settlement(ledger).leg_ended(kazoo_account_id, unanswered, NOW)
        Settlement(ledger).sweep(books(ledger, kazoo_account_id, account_id), NOW)
        account = books(ledger, kazoo_account_id, account_id)
        assert account.available_micros(NOW) == 5_000_000
        assert not account.holds


def test_an_answer_lost_on_the_way_is_not_a_second_hold(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """A hold whose answer never arrived is found again by its Call-ID, by whoever asks next."""
    open_account(ledger, kazoo_account_id)
    ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest("warm", LONDON), NOW)

    class Deaf(Mortal):
        def update_item(self, **request: Any) -> Any:
            self.client.update_item(**request)
            raise EndpointConnectionError(endpoint_url="lost")

    deaf = DynamoDBLedger(Deaf(ledger.table.client, 0, ""), ledger.table.name)
    with pytest.raises(StoreUnavailableError):
        deaf.authorize(kazoo_account_id, ACCOUNT, CallRequest(A_LEG, LONDON), NOW)
    again = ledger.authorize(kazoo_account_id, ACCOUNT, CallRequest(A_LEG, LONDON), NOW)
    assert again.hold.call_id == A_LEG  # type: ignore[union-attr]
    assert len(books(ledger, kazoo_account_id).holds) == 2
