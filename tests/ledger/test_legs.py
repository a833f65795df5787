"""Every shape of call is settled to its bill, in any order of its events."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pivot_app.ledger import (
    WAIT_SECONDS,
    Account,
    Authorized,
    CallRequest,
    Destination,
    DynamoDBLedger,
    Entry,
    Rate,
    Settled,
    Settlement,
    kazoo_account_of,
)
from tests.ledger.simulation.memory_table import MemoryTable

VECTORS = Path(__file__).parents[1] / "vectors"
SCENARIOS = json.loads((VECTORS / "legs.json").read_text())["scenarios"]
ACCOUNT = "1001"
A_SECOND = 1_000_000
AFTER_THE_LAST = (60, 130, 200, 3_600, 5_000, 86_400)
DELAYS = (0, 0, 1, 30, 100, 300, 1_000)


def rate(prefix: str) -> Rate:
    """One unit of money a second, so that amounts are seconds."""
    return Rate(prefix, 60 * A_SECOND, first_increment_seconds=1, next_increment_seconds=1)


def body_of(text: str) -> dict[str, Any]:
    """A webhook's body, JSON or form, as the door opens it."""
    if text.lstrip().startswith("{"):
        parsed: dict[str, Any] = json.loads(text)
        return parsed
    tree: dict[str, Any] = {}
    for name, kept in parse_qsl(text):
        *path, last = name.replace("]", "").split("[")
        inside = tree
        for part in path:
            inside = inside.setdefault(part, {})
        inside[last] = kept
    return tree


class Played:
    """A scenario, its authorizations and webhooks at their times, with the sweeper's minutes between."""

    def __init__(self, scenario: Mapping[str, Any], order: str = "as told", seed: int = 0) -> None:
        self.scenario = scenario
        self.chance = random.Random(f"{scenario['name']} {order} {seed}")
        self.order = order
        self.ledger = DynamoDBLedger(MemoryTable(), "accounts")
        self.settlement = Settlement(self.ledger)
        self.authorizations = [scenario["authorize"], *scenario.get("authorize_more", ())]
        self.tenant = self.authorizations[0]["account_id"]
        self.hold_ids: dict[str, str] = {}
        self.waiting: list[tuple[float, str, Mapping[str, Any], int]] = []
        extensions = {one["destination"] for one in self.authorizations if one["destination"][0] != "+"}
        rates = (rate(""), *(rate(f"short:{number}") for number in sorted(extensions)))
        account = Account(self.tenant, ACCOUNT, "USD", rates=rates)
        self.ledger.create(account, opening_micros=10**12)

    def events(self) -> Iterator[tuple[float, int, Mapping[str, Any]]]:
        for event in self.scenario["events"]:
            if self.order == "as told":
                yield event["at"], 1, event
                continue
            late = event["at"] + self.chance.choice(DELAYS)
            yield late, 1, event
            if self.chance.random() < 0.3:
                yield late + self.chance.choice((0, 5, 200)), 1, event

    def play(self) -> None:
        steps = [*((one["at"], 0, one) for one in self.authorizations), *self.events()]
        steps.sort(key=lambda step: step[:2])
        swept_at = steps[0][0]
        for at, is_event, what in steps:
            self.look_again(at)
            for _ in range(5):
                if swept_at + 60 >= at:
                    break
                swept_at += 60
                self.sweep(swept_at)
            swept_at = max(swept_at, at - 60)
            if is_event:
                self.tell(what, at)
            else:
                self.authorize(what)
        for later in AFTER_THE_LAST:
            self.look_again(steps[-1][0] + later)
            self.sweep(steps[-1][0] + later)

    def authorize(self, wanted: Mapping[str, Any]) -> None:
        request = CallRequest(wanted["call_id"], Destination(wanted["destination"], ""))
        now = datetime.fromtimestamp(wanted["at"], UTC)
        decision = self.ledger.authorize(self.tenant, ACCOUNT, request, now)
        assert isinstance(decision, Authorized), decision
        self.hold_ids[wanted["hold"]] = decision.hold.hold_id

    def tell(self, event: Mapping[str, Any], at: float) -> None:
        text = event["body"]
        for name, hold_id in self.hold_ids.items():
            text = text.replace(name, hold_id)
        webhook = body_of(text)
        tenant = kazoo_account_of(webhook, event["headers"]["x-account-id"])
        results = self.process(tenant, webhook, int(at), at)
        if any(one.outcome == "waiting" for one in results):
            self.waiting.append((at + WAIT_SECONDS, tenant, webhook, int(at)))

    def process(self, tenant: str, webhook: Mapping[str, Any], received_at: int, at: float) -> list[Settled]:
        return self.settlement.process(tenant, webhook, received_at, datetime.fromtimestamp(at, UTC))

    def look_again(self, at: float) -> None:
        """Deal once more, as the queue does, with what was waiting two minutes before."""
        due = [one for one in self.waiting if one[0] <= at]
        self.waiting = [one for one in self.waiting if one[0] > at]
        for when, tenant, webhook, received_at in due:
            self.process(tenant, webhook, received_at, when)

    def sweep(self, at: float) -> None:
        account = self.account
        self.settlement.sweep(account, datetime.fromtimestamp(at, UTC))

    @property
    def account(self) -> Account:
        account = self.ledger.account(self.tenant, ACCOUNT)
        assert account is not None
        return account

    @property
    def entries(self) -> list[Entry]:
        return list(self.ledger.entries(self.tenant, ACCOUNT))

    def seconds(self, *, of_transfers: bool = False) -> list[int]:
        """What each authorization was charged for, in seconds."""
        found = []
        for hold_id in self.hold_ids.values():
            record = self.ledger.record(self.tenant, ACCOUNT, hold_id)
            legs = record.legs if record else ()
            found.append(sum(leg.seconds for leg in legs if (leg.why == "transfer") is of_transfers))
        return found


def is_fair(told: int, bill: Mapping[str, Any]) -> bool:
    """Whether a figure is the bill, or another that the vectors call fair."""
    return abs(told - bill["seconds"]) <= bill.get("tolerance", 0) or told in bill.get("also_fair", ())


@pytest.mark.parametrize("order", ["as told", "late", "shuffled"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_every_scenario_settles_to_its_bill(scenario: Mapping[str, Any], order: str) -> None:
    """140 shapes of calls: in the order given, and delayed and doubled in random orders."""
    played = Played(scenario, order)
    played.play()
    bill = scenario["bill"]
    assert played.ledger.reconcile(played.tenant, ACCOUNT) == []
    per_authorization = played.seconds()
    if bill["seconds"] is None:
        # Nothing tells: the money stays held, and an operator sees the call.
        now = datetime.fromtimestamp(scenario["authorize"]["at"] + 10 * 86_400, UTC)
        assert played.account.held_micros > 0
        assert len(played.settlement.unresolved(played.tenant, now)) == 1
        return
    assert not played.account.holds
    assert is_fair(sum(per_authorization), bill)
    if "per_hold" in bill:
        assert per_authorization == [one["seconds"] for one in bill["per_hold"]]
    seconds = sum(per_authorization) + sum(played.seconds(of_transfers=True))
    assert played.account.spent_micros == seconds * A_SECOND


CLEAN = [one for one in SCENARIOS if one["bill"]["seconds"] is not None]


@pytest.mark.parametrize("scenario", CLEAN, ids=lambda scenario: scenario["name"])
def test_told_in_order_nothing_is_corrected(scenario: Mapping[str, Any]) -> None:
    """What is told as it happens settles once: corrections are for what comes late."""
    played = Played(scenario)
    played.play()
    assert not [entry for entry in played.entries if entry.kind == "correction"]


TRANSFERRED = [one for one in SCENARIOS if one["bill"].get("unauthorised")]


@pytest.mark.parametrize("scenario", TRANSFERRED, ids=lambda scenario: scenario["name"])
def test_a_leg_nobody_authorized_is_an_entry_of_its_own(scenario: Mapping[str, Any]) -> None:
    """A leg after a transfer is charged at its own number's rate; one to an extension costs nothing."""
    played = Played(scenario)
    played.play()
    paid = {
        (one["destination"], one["seconds"])
        for one in scenario["bill"]["unauthorised"]
        if one["destination"].startswith("+") and "conference" not in scenario["name"]
    }
    transfers = [entry for entry in played.entries if entry.kind == "transfer"]
    assert {(entry.destination, entry.seconds) for entry in transfers} == paid
    assert all(-entry.amount_micros == entry.seconds * A_SECOND for entry in transfers)


def test_only_ends_are_enough_for_a_plain_call() -> None:
    """An account that hooks `channel_destroy` alone settles what ends can tell to the same bill."""
    exact = {"plain_answered", "failover", "busy", "caller_transfers_callee_away_long", "caller_attended"}
    for scenario in SCENARIOS:
        if scenario["name"].partition("/")[2] not in exact:
            continue
        ends = [event for event in scenario["events"] if event["hook"] == "channel_destroy"]
        played = Played({**scenario, "events": ends})
        played.play()
        assert sum(played.seconds()) == scenario["bill"]["seconds"], scenario["name"]
