"""A KAZOO account whose webhook is off is noticed, and one that lost a single end is not accused of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pivot_app.ledger import Settlement
from pivot_app.sweep import SILENT_SECONDS, Sweeper
from tests.ledger.test_cdrs import StandInCrossbar, authorized, calls_of, cdrs_of
from tests.ledger.test_legs import Played


def silent(played: Played, at: float, settlement: Settlement | None = None) -> int:
    """Sweep at an instant; how many KAZOO accounts were silent."""
    watch: Any = None
    sweeper = Sweeper(played.ledger, settlement or played.settlement, watch)
    return sweeper.sweep(datetime.fromtimestamp(at, UTC), lambda: True)["silent"]


def due_at(played: Played) -> int:
    """When the scenario's one call should have ended."""
    (hold,) = played.account.holds.values()
    return hold.expires_at


def test_no_end_at_all_is_a_silent_webhook() -> None:
    """From the moment the call should have ended, for an hour."""
    played = authorized("4.3/plain_answered")
    due = due_at(played)
    assert [silent(played, due + late) for late in (-1, 0, SILENT_SECONDS, SILENT_SECONDS + 1)] == [
        0,
        1,
        1,
        0,
    ]


def test_an_end_of_another_call_shows_that_the_webhook_works() -> None:
    """One end was lost: the call is unresolved, and the webhook is on."""
    played = authorized("4.3/plain_answered")
    due = due_at(played)
    other = {
        "hook_event": "channel_destroy",
        "call_id": "another",
        "billing_seconds": 1,
        "duration_seconds": 1,
    }
    told = {**other, "timestamp": due - 10 + 62_167_219_200, "call_direction": "inbound"}
    now = datetime.fromtimestamp(due - 10, UTC)
    played.settlement.process(played.tenant, told, due - 10, now)
    assert silent(played, due) == 0
    assert played.account.holds


def test_an_end_before_the_call_proves_nothing() -> None:
    """The webhook was switched off between the two."""
    played = authorized("4.3/plain_answered")
    played.settlement.legs.hear(played.tenant, int(played.authorizations[0]["at"]) - 1)
    assert silent(played, due_at(played)) == 1


def test_a_call_that_kazoos_cdr_settles_was_told_of_no_more() -> None:
    """Where a Crossbar key is configured the money is right; that the webhook is off is said all the same."""
    played = authorized("4.3/plain_answered")
    due = due_at(played)
    settlement = Settlement(played.ledger, calls_of(StandInCrossbar(cdrs_of(played))))
    assert silent(played, due, settlement) == 1
    assert not played.account.holds


def test_a_hold_whose_answer_came_too_late_ends_with_the_callers_leg() -> None:
    """The caller heard the apology: a leg without hold and partner is found by its Call-ID."""
    played = authorized("4.3/plain_answered")
    (hold,) = played.account.holds.values()
    at = hold.authorized_at + 9
    leg = {"call_id": hold.call_id, "call_direction": "inbound", "other_leg_call_id": ""}
    told = {"hook_event": "channel_destroy", "billing_seconds": 8, "duration_seconds": 8} | leg
    webhook = {**told, "timestamp": at + 62_167_219_200, "hangup_cause": "NORMAL_CLEARING"}
    played.settlement.process(played.tenant, webhook, at, datetime.fromtimestamp(at, UTC))
    silent(played, at + 180)
    assert not played.account.holds
    assert played.account.spent_micros == 0
