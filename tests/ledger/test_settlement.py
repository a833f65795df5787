"""One call, one settlement: for every order of its events, and wherever a consumer is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, Literal

import pytest
from botocore.exceptions import EndpointConnectionError

from pivot_app.ledger import (
    MAX_SKEW_SECONDS,
    Account,
    Authorized,
    CallRequest,
    Controls,
    Destination,
    DynamoDBLedger,
    Entry,
    Hold,
    LegEvent,
    Rate,
    Settled,
    Settlement,
    StoreUnavailableError,
    families,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCOUNT = "1001"
A_LEG, B_LEG = "a-leg@pbx", "b-leg@carrier"
NUMBER = "+442071838750"
LONDON = Destination(NUMBER, "GB")
BY_THE_SECOND = Rate("44", 60_000, first_increment_seconds=1, next_increment_seconds=1)
TALKED, LISTENED_AND_TALKED = 100, 130


def end(
    call_id: str,
    seconds: int,
    other: str = "",
    *,
    at: datetime,
    hold_id: str = "",
    direction: str = "",
    cause: str = "NORMAL_CLEARING",
    numbers: tuple[str, ...] = (),
    clock_off: int = 0,
) -> LegEvent:
    """A leg's end, told as it happens: `a...` is a caller's leg, every other one KAZOO's."""
    return LegEvent(
        "destroy",
        call_id,
        direction=direction or ("inbound" if call_id.startswith("a") else "outbound"),
        other_leg=other,
        hold_id=hold_id,
        at=int(at.timestamp()) + clock_off,
        received_at=int(at.timestamp()),
        seconds=seconds,
        duration=seconds + 5,
        cause=cause,
        numbers=numbers,
    )


def open_account(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> None:
    """An account with five units and calls of ten minutes at most."""
    controls = Controls(max_call_seconds=600)
    account = Account(kazoo_account_id, account_id, "USD", rates=(BY_THE_SECOND,), controls=controls)
    ledger.create(account, opening_micros=5_000_000)


def begin(
    ledger: DynamoDBLedger,
    kazoo_account_id: str,
    call_id: str = A_LEG,
    account_id: str = ACCOUNT,
    at: datetime = NOW,
    number: str = NUMBER,
    billed_leg: Literal["a", "b"] = "b",
) -> Hold:
    """Authorize a call; its hold."""
    request = CallRequest(call_id, Destination(number, "GB"), billed_leg)
    decision = ledger.authorize(kazoo_account_id, account_id, request, at)
    assert isinstance(decision, Authorized)
    return decision.hold


def after(seconds: float) -> datetime:
    """So many seconds after the first authorization."""
    return NOW + timedelta(seconds=seconds)


def told(ledger: DynamoDBLedger, kazoo_account_id: str, *events: LegEvent, late: int = 0) -> list[Settled]:
    """Tell the ledger of legs, each when it arrives; what became of the last."""
    results: list[Settled] = []
    for event in events:
        now = datetime.fromtimestamp(event.received_at + late, UTC)
        results = Settlement(ledger).told(kazoo_account_id, event, now)
    return results


def sweep(ledger: DynamoDBLedger, kazoo_account_id: str, seconds: float, account_id: str = ACCOUNT) -> None:
    """One turn of the sweeper."""
    Settlement(ledger).sweep(stored(ledger, kazoo_account_id, account_id), after(seconds))


def books(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> Account:
    """The account, once its books are proven right."""
    assert ledger.reconcile(kazoo_account_id, account_id) == []
    return stored(ledger, kazoo_account_id, account_id)


def stored(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> Account:
    """The account as it is in the table."""
    account = ledger.account(kazoo_account_id, account_id)
    assert account is not None
    return account


def charged(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> int:
    """The seconds charged, once the books are proven right."""
    return books(ledger, kazoo_account_id, account_id).spent_micros // 1_000


def entries(ledger: DynamoDBLedger, kazoo_account_id: str, account_id: str = ACCOUNT) -> list[Entry]:
    """What calls were charged."""
    return [one for one in ledger.entries(kazoo_account_id, account_id) if one.kind != "top_up"]


EVENTS = {
    "with duplicates": ("authorize", "a-leg", "b-leg", "a-leg again", "expiry"),
    "asked twice": ("authorize", "authorize again", "a-leg", "b-leg", "expiry"),
}


@pytest.mark.parametrize("events", EVENTS)
def test_every_order_settles_once(ledger: DynamoDBLedger, kazoo_account_id: str, events: str) -> None:
    """In all orders of what can happen after the call was authorized, its conversation is billed, once."""
    first = 1 if events == "with duplicates" else 2
    for number, rest in enumerate(permutations(EVENTS[events][first:])):
        account_id = str(number)
        a_call, b_call = f"a{number}", f"b{number}"
        open_account(ledger, kazoo_account_id, account_id)
        hold = begin(ledger, kazoo_account_id, a_call, account_id)
        if events == "asked twice":
            assert begin(ledger, kazoo_account_id, a_call, account_id) == hold
        now = after(180)
        for event in rest:
            kind = event.removesuffix(" again")
            if kind == "expiry":
                now += timedelta(days=1)
                Settlement(ledger).sweep(stored(ledger, kazoo_account_id, account_id), now)
                continue
            a_end = end(a_call, LISTENED_AND_TALKED, b_call, at=after(180), hold_id=hold.hold_id)
            b_end = end(b_call, TALKED, a_call, at=after(180))
            Settlement(ledger).told(kazoo_account_id, a_end if kind == "a-leg" else b_end, now)
        Settlement(ledger).sweep(stored(ledger, kazoo_account_id, account_id), now + timedelta(days=2))
        account = books(ledger, kazoo_account_id, account_id)
        calls = [e for e in entries(ledger, kazoo_account_id, account_id) if e.kind in {"call", "release"}]
        assert [entry.call_id for entry in calls] == [a_call], rest
        assert account.spent_micros == TALKED * 1_000, rest
        assert not account.holds, rest


def test_a_call_id_used_again_is_a_call_of_its_own(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A phone that keeps one Call-ID pays for every call; an old call's ends, told again, touch nothing."""
    open_account(ledger, kazoo_account_id)
    first = begin(ledger, kazoo_account_id)
    old = (
        end(B_LEG, 60, A_LEG, at=after(70)),
        end(A_LEG, 65, B_LEG, at=after(71), hold_id=first.hold_id),
    )
    told(ledger, kazoo_account_id, *old)
    second = begin(ledger, kazoo_account_id, at=after(100))
    assert second.hold_id != first.hold_id
    told(ledger, kazoo_account_id, *old, late=200)
    sweep(ledger, kazoo_account_id, 400)
    assert charged(ledger, kazoo_account_id) == 60
    assert set(books(ledger, kazoo_account_id).holds.values()) == {second}
    told(
        ledger,
        kazoo_account_id,
        end("b2", 300, A_LEG, at=after(410)),
        end(A_LEG, 305, "b2", at=after(411), hold_id=second.hold_id),
    )
    assert charged(ledger, kazoo_account_id) == 360


def test_an_end_before_the_authorization_is_not_the_call_s(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """A refused call, a mailbox, anything with the same Call-ID: what ended before has nothing to say."""
    open_account(ledger, kazoo_account_id)
    told(ledger, kazoo_account_id, end(A_LEG, 5, at=NOW))
    hold = begin(ledger, kazoo_account_id, at=after(30))
    for seconds in (90, 300):
        sweep(ledger, kazoo_account_id, seconds)
    assert books(ledger, kazoo_account_id).held_micros == hold.hold_micros
    told(
        ledger,
        kazoo_account_id,
        end(B_LEG, 480, A_LEG, at=after(520)),
        end(A_LEG, 485, B_LEG, at=after(521), hold_id=hold.hold_id),
    )
    assert charged(ledger, kazoo_account_id) == 480


def test_one_call_id_on_two_accounts(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """The end of one call settles that call; the other with the same Call-ID is billed when it ends."""
    open_account(ledger, kazoo_account_id)
    open_account(ledger, kazoo_account_id, "2")
    long = begin(ledger, kazoo_account_id, "a")
    short = begin(ledger, kazoo_account_id, "a", "2", number="+442071838751")
    told(ledger, kazoo_account_id, end("a", 15, at=after(20), hold_id=short.hold_id))
    for seconds in (60, 200, 400):
        sweep(ledger, kazoo_account_id, seconds)
    assert books(ledger, kazoo_account_id).held_micros == long.hold_micros
    told(
        ledger,
        kazoo_account_id,
        end("b", 480, "a", at=after(500)),
        end("a", 490, "b", at=after(500), hold_id=long.hold_id),
    )
    assert (charged(ledger, kazoo_account_id), charged(ledger, kazoo_account_id, "2")) == (480, 0)
    assert not books(ledger, kazoo_account_id, "2").holds


def test_a_second_number_in_the_same_call(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Dialling on is never refused; each authorization is billed its own legs, in sum."""
    open_account(ledger, kazoo_account_id)
    begin(ledger, kazoo_account_id)
    told(ledger, kazoo_account_id, end("b1", 40, A_LEG, at=after(60)))
    second = begin(ledger, kazoo_account_id, at=after(70))
    told(
        ledger,
        kazoo_account_id,
        end("b2", 50, A_LEG, at=after(140)),
        end(A_LEG, 138, "b2", at=after(141), hold_id=second.hold_id),
    )
    assert sorted(entry.seconds for entry in entries(ledger, kazoo_account_id)) == [40, 50]
    assert not books(ledger, kazoo_account_id).holds


def test_the_callee_sent_away_is_billed_to_its_own_end(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """The caller's leg ends at the transfer; the paid one talks on, and its end decides, however late."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    told(ledger, kazoo_account_id, end(A_LEG, 60, B_LEG, at=after(62), hold_id=hold.hold_id))
    for minutes in range(2, 10):
        sweep(ledger, kazoo_account_id, minutes * 60)
    assert books(ledger, kazoo_account_id).held_micros == hold.hold_micros
    sweep(ledger, kazoo_account_id, 5_000)
    told(ledger, kazoo_account_id, end(B_LEG, 7_190, "c@phone", at=after(7_200)))
    (entry,) = entries(ledger, kazoo_account_id)
    assert (entry.seconds, entry.overrun) == (7_190, True)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_no_order_changes_a_bill(ledger: DynamoDBLedger, kazoo_account_id: str, order: Sequence[int]) -> None:
    """A caller's leg that names nobody: the conversation told a second later is a correction."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    ends = (
        end(A_LEG, 75, at=after(80), hold_id=hold.hold_id),
        end(B_LEG, 60, A_LEG, at=after(82)),
    )
    told(ledger, kazoo_account_id, *(ends[place] for place in order))
    assert charged(ledger, kazoo_account_id) == 60
    assert sum(entry.seconds for entry in entries(ledger, kazoo_account_id)) == 60


def test_what_the_other_leg_tells_late_is_waited_for(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Quiet is counted from arrival: a backlog or a slow clock of KAZOO bills no prompt and no ringing."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    a_end = end(A_LEG, 95, B_LEG, at=after(700), hold_id=hold.hold_id, clock_off=-600)
    told(ledger, kazoo_account_id, a_end)
    sweep(ledger, kazoo_account_id, 760)
    told(ledger, kazoo_account_id, end(B_LEG, 20, A_LEG, at=after(800), clock_off=-700))
    assert charged(ledger, kazoo_account_id) == 20


def test_a_call_is_not_closed_while_its_caller_talks_on(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """A receptionist answers for 30 s and passes the caller on: the sum of both is billed, at the end."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    told(ledger, kazoo_account_id, end("b1", 30, A_LEG, at=after(45), hold_id=hold.hold_id))
    sweep(ledger, kazoo_account_id, 600)
    assert books(ledger, kazoo_account_id).held_micros == hold.hold_micros
    told(
        ledger,
        kazoo_account_id,
        end("b2", 10_700, A_LEG, at=after(10_800), hold_id=hold.hold_id),
        end(A_LEG, 10_800, "b2", at=after(10_801), hold_id=hold.hold_id),
    )
    sweep(ledger, kazoo_account_id, 11_000)
    assert charged(ledger, kazoo_account_id) == 10_730


@pytest.mark.parametrize(
    ("ended", "seconds"),
    [
        ([("a", 20, "")], 0),
        ([("a", 20, ""), ("x", 0, "a")], 0),
        ([("a", 130, "b"), ("b", 100, "a")], 100),
        ([("x", 0, "a"), ("a", 130, "b"), ("b", 100, "a")], 100),
        ([("a", 300, "apick"), ("apick", 210, "a")], 210),
        ([("b", 500, "a2"), ("a", 75, "b"), ("a2", 425, "b")], 500),
        ([("b", 175, "c@phone"), ("a", 75, "b")], 175),
    ],
)
def test_the_conversation_is_billed(
    ledger: DynamoDBLedger, kazoo_account_id: str, ended: list[tuple[str, int, str]], seconds: int
) -> None:
    """Prompts and ringing are never charged; who picked up, moved or was transferred changes nothing."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id, "a")
    at = after(max(lasted for _, lasted, _ in ended) + 20)
    for call_id, lasted, other in ended:
        own = hold.hold_id if call_id == "a" else ""
        told(ledger, kazoo_account_id, end(call_id, lasted, other, at=at, hold_id=own))
    assert charged(ledger, kazoo_account_id) == seconds
    assert not books(ledger, kazoo_account_id).holds


@pytest.mark.parametrize("billed_leg", ["a", "b"])
@pytest.mark.parametrize("cav", [True, False])
def test_a_leg_that_ends_before_the_call_settles_nothing(
    ledger: DynamoDBLedger, kazoo_account_id: str, billed_leg: Literal["a", "b"], cav: bool
) -> None:
    """A carrier that failed before another answered must not make the hour that follows free."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id, "a", billed_leg=billed_leg)
    hold_id = hold.hold_id if cav else ""
    told(ledger, kazoo_account_id, end("failed", 0, "a", at=after(5), hold_id=hold_id))
    sweep(ledger, kazoo_account_id, 300)
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    told(
        ledger,
        kazoo_account_id,
        end("b", 500, "a", at=after(520), hold_id=hold_id),
        end("a", 500, "b", at=after(520), hold_id=hold_id),
    )
    sweep(ledger, kazoo_account_id, 700)
    assert charged(ledger, kazoo_account_id) == 500


def test_a_leg_that_names_itself_was_never_connected(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Click to call: the first leg is outbound, and nobody answered."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id, "c2c")
    event = LegEvent(
        "destroy",
        "c2c",
        "outbound",
        names_itself=True,
        hold_id=hold.hold_id,
        at=int(after(50).timestamp()),
        received_at=int(after(50).timestamp()),
        seconds=45,
        duration=50,
    )
    told(ledger, kazoo_account_id, event)
    sweep(ledger, kazoo_account_id, 190)
    assert (charged(ledger, kazoo_account_id), books(ledger, kazoo_account_id).held_micros) == (0, 0)


def test_a_cause_that_says_nobody_answered_bills_nothing(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """The carrier's leg is lost, and the caller's says NO_ANSWER: ringing is not charged."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    told(
        ledger, kazoo_account_id, end(A_LEG, 52, B_LEG, at=after(54), hold_id=hold.hold_id, cause="NO_ANSWER")
    )
    sweep(ledger, kazoo_account_id, 190)
    assert (charged(ledger, kazoo_account_id), books(ledger, kazoo_account_id).held_micros) == (0, 0)


def test_no_leg_lasts_longer_than_the_clock_allows(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """An end of a day, ten seconds into a call: what passed is billed, and the operator is told."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    told(
        ledger,
        kazoo_account_id,
        end("y", 86_400, A_LEG, at=after(10), hold_id=hold.hold_id),
        end(A_LEG, 86_400, "y", at=after(11), hold_id=hold.hold_id),
    )
    assert charged(ledger, kazoo_account_id) == 10 + MAX_SKEW_SECONDS
    (problem,) = Settlement(ledger).legs.problems(kazoo_account_id)
    assert (problem.kind, problem.call_id) == ("impossible", "y")
    told(ledger, kazoo_account_id, end("y", 550, A_LEG, at=after(560), hold_id=hold.hold_id))
    assert charged(ledger, kazoo_account_id) == 550


def test_longer_than_a_day_is_billed_in_full(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Nothing in KAZOO ends a call after a day, and nothing here cuts it."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    told(
        ledger,
        kazoo_account_id,
        end(B_LEG, 107_990, A_LEG, at=after(108_000)),
        end(A_LEG, 108_000, B_LEG, at=after(108_001), hold_id=hold.hold_id),
    )
    assert charged(ledger, kazoo_account_id) == 107_990


def test_a_call_whose_own_end_never_came(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """The paid leg is told, the caller's is not: billed when the call should have ended."""
    open_account(ledger, kazoo_account_id)
    begin(ledger, kazoo_account_id, "a")
    told(ledger, kazoo_account_id, end("b", 100, "a", at=after(120)))
    sweep(ledger, kazoo_account_id, 600)
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    sweep(ledger, kazoo_account_id, 1_600)  # Ends alone are told: it may talk on.
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    sweep(ledger, kazoo_account_id, 3_100)
    assert (charged(ledger, kazoo_account_id), books(ledger, kazoo_account_id).held_micros) == (100, 0)


def test_an_end_nobody_held_money_for_is_kept(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A leg that names a hold nobody has is listed for the operator."""
    open_account(ledger, kazoo_account_id)
    hold_id = f"{ACCOUNT}.{'x' * 24}"
    (result,) = told(ledger, kazoo_account_id, end(A_LEG, 9, at=NOW, hold_id=hold_id))
    assert result.outcome == "unmatched"
    (problem,) = Settlement(ledger).legs.problems(kazoo_account_id)
    assert (problem.kind, problem.hold_id, problem.seconds) == ("unknown_hold", hold_id, 9)


@pytest.mark.parametrize("odd", [None, True, 5.5, "1e3", [], {}, "", -5, 10**12])
def test_an_end_without_its_seconds_is_listed_at_once(
    ledger: DynamoDBLedger, kazoo_account_id: str, odd: Any
) -> None:
    """Missing or impossible seconds are not seconds: the hold stays, and an operator sees the end."""
    open_account(ledger, kazoo_account_id)
    begin(ledger, kazoo_account_id)
    webhook: dict[str, Any] = {"hook_event": "channel_destroy", "call_id": B_LEG}
    webhook |= {"call_direction": "outbound", "billing_seconds": odd, "other_leg_call_id": A_LEG}
    for _ in range(2):
        (result,) = Settlement(ledger).process(kazoo_account_id, webhook, int(NOW.timestamp()), NOW)
        assert result.outcome == "malformed"
    sweep(ledger, kazoo_account_id, 300)
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    (problem,) = Settlement(ledger).legs.problems(kazoo_account_id)
    assert (problem.kind, problem.call_id) == ("malformed", B_LEG)
    assert "billing_seconds" in problem.reason


def test_another_tenant_s_webhook_reaches_no_account(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A hold's id is worth nothing in the webhook of another KAZOO account."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    for event in (end(B_LEG, 9, A_LEG, at=NOW), end(A_LEG, 9, B_LEG, at=NOW, hold_id=hold.hold_id)):
        assert not [one for one in told(ledger, "f" * 32, event) if one.booked]
    assert books(ledger, kazoo_account_id).spent_micros == 0


def test_a_call_made_after_its_hold_was_voided_is_billed(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """The gate failed after the hold, and the call was made all the same: not a free call."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    ledger.void(kazoo_account_id, ACCOUNT, hold.hold_id, NOW)
    assert not books(ledger, kazoo_account_id).holds
    told(
        ledger,
        kazoo_account_id,
        end(B_LEG, 100, A_LEG, at=after(120)),
        end(A_LEG, 110, B_LEG, at=after(121), hold_id=hold.hold_id),
    )
    assert charged(ledger, kazoo_account_id) == 100


# --- Calls whose end was never told -------------------------------------------------------------


def test_a_call_without_an_end_keeps_money_place_and_limits(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Twenty calls on two places are two calls, however long their ends are not reported."""
    rate = Rate("44", 2_000_000)
    controls = Controls(max_live_calls=2, max_call_seconds=120, max_day_micros=20_000_000)
    ledger.create(
        Account(kazoo_account_id, ACCOUNT, "USD", rates=(rate,), controls=controls), opening_micros=20_000_000
    )
    for number in range(20):
        at = after(number * 1_100)
        request = CallRequest(f"a{number}", LONDON)
        decision = ledger.authorize(kazoo_account_id, ACCOUNT, request, at)
        assert isinstance(decision, Authorized) is (number < 2)
        sweep(ledger, kazoo_account_id, number * 1_100 + 60)
    account = books(ledger, kazoo_account_id)
    assert (len(account.holds), account.held_micros) == (2, 8_000_000)
    assert all(hold.unresolved_at for hold in account.holds.values())
    listed = Settlement(ledger).unresolved(kazoo_account_id, after(30_000))
    assert [one.hold.call_id for one in listed] == ["a0", "a1"]


def test_an_unresolved_call_ends_by_its_late_end(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Days later the webhook is replayed: the call is settled, and the list is empty."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    sweep(ledger, kazoo_account_id, 5_000)
    ends = (
        end(B_LEG, 60, A_LEG, at=after(300_000), clock_off=-299_900),
        end(A_LEG, 66, B_LEG, at=after(300_000), hold_id=hold.hold_id, clock_off=-299_900),
    )
    told(ledger, kazoo_account_id, *ends)
    assert charged(ledger, kazoo_account_id) == 60
    assert Settlement(ledger).unresolved(kazoo_account_id, after(400_000)) == []


@pytest.mark.parametrize(("said", "then"), [(60, 60), (30, 60), (0, 60)])
def test_an_operator_resolves_and_the_late_end_corrects(
    ledger: DynamoDBLedger, kazoo_account_id: str, said: int, then: int
) -> None:
    """What an operator said is never charged beside what KAZOO tells: the late end books the difference."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    sweep(ledger, kazoo_account_id, 5_000)
    Settlement(ledger).resolve(kazoo_account_id, hold.hold_id, after(5_100), seconds=said, note="ticket 7")
    assert (charged(ledger, kazoo_account_id), books(ledger, kazoo_account_id).held_micros) == (said, 0)
    told(
        ledger,
        kazoo_account_id,
        end(B_LEG, then, A_LEG, at=after(6_000)),
        end(A_LEG, then + 6, B_LEG, at=after(6_000), hold_id=hold.hold_id),
    )
    assert charged(ledger, kazoo_account_id) == then


@pytest.mark.parametrize(("policy", "seconds"), [("keep", None), ("void", 0), ("held", 600)])
def test_an_account_s_policy_decides_in_the_end(
    ledger: DynamoDBLedger,
    kazoo_account_id: str,
    policy: Literal["keep", "void", "held"],
    seconds: int | None,
) -> None:
    """After so many hours nobody needs to decide, if the account says how."""
    open_account(ledger, kazoo_account_id)
    controls = Controls(max_call_seconds=600, unresolved_policy=policy, unresolved_hours=2)

    def change(account: Account) -> Account:
        return replace(account, controls=controls)

    ledger.configure(kazoo_account_id, ACCOUNT, change)
    begin(ledger, kazoo_account_id)
    sweep(ledger, kazoo_account_id, 5_000)
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    sweep(ledger, kazoo_account_id, 1_500 + 2 * 3_600)
    account = books(ledger, kazoo_account_id)
    assert account.held_micros == (600_000 if seconds is None else 0)
    assert account.spent_micros == (seconds or 0) * 1_000


@pytest.mark.parametrize(("cause", "settled_after"), [("BLIND_TRANSFER", 10_900), ("NORMAL_CLEARING", 3_100)])
def test_money_is_held_while_the_caller_may_talk_on(
    ledger: DynamoDBLedger, kazoo_account_id: str, cause: str, settled_after: int
) -> None:
    """The first of two answered legs has ended, and nothing tells whether the caller's has."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    told(ledger, kazoo_account_id, end("b1", 30, A_LEG, at=after(40), hold_id=hold.hold_id, cause=cause))
    sweep(ledger, kazoo_account_id, 2_900)
    assert books(ledger, kazoo_account_id).held_micros == 600_000
    if settled_after < 10_000:
        sweep(ledger, kazoo_account_id, settled_after)
        assert books(ledger, kazoo_account_id).spent_micros == 30_000
    told(
        ledger,
        kazoo_account_id,
        end("b2", 10_700, A_LEG, at=after(10_800), hold_id=hold.hold_id),
        end(A_LEG, 10_800, "b2", at=after(10_801), hold_id=hold.hold_id),
    )
    account = books(ledger, kazoo_account_id)
    assert (account.spent_micros, account.held_micros) == (10_730_000, 0)


def test_a_policy_charges_the_legs_whose_end_was_told(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """`void` releases the money of unreported legs, and nothing else."""
    open_account(ledger, kazoo_account_id)
    controls = Controls(max_call_seconds=600, unresolved_policy="void", unresolved_hours=2)
    ledger.configure(kazoo_account_id, ACCOUNT, lambda account: replace(account, controls=controls))
    hold = begin(ledger, kazoo_account_id)
    told(
        ledger,
        kazoo_account_id,
        end("b1", 30, A_LEG, at=after(40), hold_id=hold.hold_id, cause="BLIND_TRANSFER"),
    )
    sweep(ledger, kazoo_account_id, 1_500 + 2 * 3_600)
    account = books(ledger, kazoo_account_id)
    assert (account.spent_micros, account.held_micros) == (30_000, 0)


class Kazoo:
    """KAZOO's own word: which calls are up, and its CDRs."""

    def __init__(self, up: set[str], ends: list[LegEvent]) -> None:
        self.up, self.ends = up, ends

    def is_up(self, kazoo_account_id: str, call_id: str) -> bool | None:
        return call_id in self.up

    def ends_of(self, kazoo_account_id: str, call_ids: Iterable[str], began_at: datetime) -> list[LegEvent]:
        return self.ends


def test_kazoo_s_own_word_ends_an_unresolved_call(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """While KAZOO says that the call is up nothing happens; then its CDRs settle it."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    kazoo = Kazoo({A_LEG}, [])
    settlement = Settlement(ledger, kazoo)
    settlement.sweep(stored(ledger, kazoo_account_id), after(2_000))
    assert books(ledger, kazoo_account_id).held_micros == hold.hold_micros
    kazoo.up.clear()
    kazoo.ends = [
        end(B_LEG, 1_900, A_LEG, at=after(1_950)),
        end(A_LEG, 1_910, B_LEG, at=after(1_950), hold_id=hold.hold_id),
    ]
    settlement.sweep(stored(ledger, kazoo_account_id), after(2_100))
    assert charged(ledger, kazoo_account_id) == 1_900
    told(ledger, kazoo_account_id, *kazoo.ends)
    assert charged(ledger, kazoo_account_id) == 1_900


# --- Stopped anywhere ---------------------------------------------------------------------------


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
        for nth in range(1, 80):
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
    """Killed before or after each of its requests, and redelivered: the call is settled, once.

    The ends come in the worst order, so that the call is settled and then corrected.
    """
    client, table = ledger.table.client, ledger.table.name
    numbers: dict[str, str] = {}
    holds: dict[str, Hold] = {}

    def consume(mortal: Any, death: str) -> None:
        account_id = numbers.setdefault(death, str(len(numbers)))
        a_leg, b_leg = f"a{account_id}", f"b{account_id}"
        if ledger.account(kazoo_account_id, account_id) is None:
            open_account(ledger, kazoo_account_id, account_id)
            holds[death] = begin(ledger, kazoo_account_id, a_leg, account_id)
        consumer = DynamoDBLedger(mortal, table)
        told(
            consumer,
            kazoo_account_id,
            end(a_leg, 130, at=after(140), hold_id=holds[death].hold_id),
            end(b_leg, 100, a_leg, at=after(141)),
        )

    deaths = list(every_death(consume, client))
    assert len(deaths) > 30
    for death in deaths:
        consume(client, death)
        assert books(ledger, kazoo_account_id, numbers[death]).spent_micros == 100_000
        assert not books(ledger, kazoo_account_id, numbers[death]).holds


def test_a_gate_killed_at_any_request(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Killed anywhere and asked again: one hold, or none, never two."""
    client, table = ledger.table.client, ledger.table.name
    numbers: dict[str, str] = {}

    def ask(mortal: Any, death: str) -> Any:
        account_id = numbers.setdefault(death, str(len(numbers)))
        if ledger.account(kazoo_account_id, account_id) is None:
            open_account(ledger, kazoo_account_id, account_id)
        gate = DynamoDBLedger(mortal, table)
        return gate.authorize(kazoo_account_id, account_id, CallRequest(A_LEG, LONDON), NOW)

    for death in every_death(ask, client):
        assert len(books(ledger, kazoo_account_id, numbers[death]).holds) <= 1
        ask(client, death)
        account = books(ledger, kazoo_account_id, numbers[death])
        assert [hold.call_id for hold in account.holds.values()] == [A_LEG]
        assert account.held_micros == 600_000


def test_an_answer_lost_on_the_way_is_not_a_second_hold(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """A hold whose answer never arrived is found again by the same request, whichever process asks next."""
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
    assert isinstance(again, Authorized)
    assert again.hold.call_id == A_LEG
    assert len(books(ledger, kazoo_account_id).holds) == 2


def test_an_absent_table_is_said_to_be(kazoo_account_id: str) -> None:
    """Not an error of botocore: what callers can catch."""

    class Away:
        exceptions = None

        def __getattr__(self, operation: str) -> Callable[..., Any]:
            def run(**_: Any) -> Any:
                raise EndpointConnectionError(endpoint_url="https://dynamodb.example.com")

            return run

    with pytest.raises(StoreUnavailableError):
        DynamoDBLedger(Away(), "accounts").account(kazoo_account_id, ACCOUNT)


def test_a_leg_of_a_hold_that_is_not_looked_at_is_no_other_hold_s(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Of very many calls with one Call-ID only the nearest holds are looked at; each keeps its legs."""
    open_account(ledger, kazoo_account_id)
    mine = begin(ledger, kazoo_account_id)
    legs = [
        end("b1", 30, A_LEG, at=after(60), hold_id=mine.hold_id),
        end("b2", 500, A_LEG, at=after(600), hold_id=f"{ACCOUNT}.{'a' * 24}"),
        end(A_LEG, 70, "b1", at=after(61), hold_id=mine.hold_id),
    ]
    family = families(legs, [mine])[mine.hold_id]
    assert [leg.call_id for leg in family.legs] == ["b1"]


def test_a_leg_that_is_reported_after_its_call_was_settled_is_listed(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Its end is missing, so nobody knows what it cost; when the end arrives the list is empty again."""
    open_account(ledger, kazoo_account_id)
    hold = begin(ledger, kazoo_account_id)
    told(ledger, kazoo_account_id, end(A_LEG, 60, at=after(61), hold_id=hold.hold_id))
    assert books(ledger, kazoo_account_id).held_micros == 0
    moment = int(after(5).timestamp())
    late = int(after(400).timestamp())
    answer = LegEvent("answer", B_LEG, "outbound", A_LEG, numbers=(NUMBER,), at=moment, received_at=late)
    assert told(ledger, kazoo_account_id, answer)[0].outcome == "waiting"
    assert told(ledger, kazoo_account_id, answer, late=130)[0].outcome == "already"
    problems = Settlement(ledger).legs.problems
    assert [(one.kind, one.hold_id) for one in problems(kazoo_account_id)] == [("unfinished", hold.hold_id)]
    told(ledger, kazoo_account_id, end(B_LEG, 50, A_LEG, at=after(600), clock_off=-540))
    assert books(ledger, kazoo_account_id).spent_micros == 50_000
    assert problems(kazoo_account_id) == []
