"""Calls kept within their money: a simulated clock, and a stand-in for Crossbar."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from functions.control_call import app
from functions.sweep_holds import app as sweep_holds
from pivot_app.aws import Parameters
from pivot_app.crossbar import Crossbars, CrossbarUnavailableError
from pivot_app.ledger import (
    Account,
    Authorized,
    BalanceExhausted,
    CallControl,
    CallRequest,
    Controls,
    Destination,
    DynamoDBLedger,
    Hold,
    LegEvent,
    Rate,
    Refusal,
    Settlement,
)
from pivot_app.settings import settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONDON = Destination("+442071838750", "GB")
BY_THE_SECOND = (Rate("44", 10_000, 0, 1, 1),)
CALL_ID = "one/call;of=many@pbx"


class StandInCrossbar:
    """Answers as Crossbar does; remembers which calls were ended. Its first token is an old one."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.tokens = iter(["old", "new", "newer"])
        self.live = "new"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/api_auth":
            assert json.loads(request.content) == {"data": {"api_key": "k" * 64}}
            return httpx.Response(201, json={"auth_token": next(self.tokens), "data": {}})
        if request.headers["X-Auth-Token"] != self.live:
            return httpx.Response(401, json={"error": "401"})
        assert json.loads(request.content) == {"data": {"action": "hangup"}}
        call_id = request.url.raw_path.decode().rpartition("/")[2]
        if call_id in self.ended:
            return httpx.Response(404, json={"error": "404"})
        self.ended.append(call_id)
        return httpx.Response(202, json={"data": "hangup initiated"})


class Switch:
    """Ends calls by noting their ids."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def hang_up(self, kazoo_account_id: str, call_id: str) -> None:
        self.ended.append(call_id)


def begin(ledger: DynamoDBLedger, kazoo_account_id: str, credit: int) -> Hold:
    """A call that holds two minutes at first, of twenty at most, at one cent a minute."""
    controls = Controls(max_call_seconds=1200, hold_seconds=120)
    account = Account(
        kazoo_account_id, "1001", "USD", rates=(Rate("44", 10_000, 0, 1, 1),), controls=controls
    )
    ledger.create(account, opening_micros=credit)
    authorized = ledger.authorize(kazoo_account_id, "1001", CallRequest(CALL_ID, LONDON), NOW)
    assert isinstance(authorized, Authorized)
    assert authorized.hold.held_seconds == 120
    return authorized.hold


def played(ledger: DynamoDBLedger, kazoo_account_id: str, switch: Switch, minutes: int) -> int | None:
    """Let the sweeper's minutes pass, and messages arrive when they are due; when the call was ended."""
    control = CallControl(ledger)
    due: list[tuple[datetime, BalanceExhausted]] = []
    for second in range(minutes * 60):
        now = NOW + timedelta(seconds=second)
        if second % 60 == 0:
            account = ledger.account(kazoo_account_id, "1001")
            assert account is not None
            due += [(now + timedelta(seconds=one.in_seconds), one) for one in control.scan(account, now)]
        for at, one in [each for each in due if each[0] <= now]:
            due.remove((at, one))
            control.handle_exhausted(one, switch, now)
        if switch.ended:
            return second
    return None


def test_a_call_with_money_goes_on_until_the_longest_a_call_may_be(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Its hold is extended time and again, and at the maximum of twenty minutes the call is ended."""
    begin(ledger, kazoo_account_id, 10_000_000)
    switch = Switch()
    assert played(ledger, kazoo_account_id, switch, 25) == 1200
    assert set(switch.ended) == {CALL_ID}
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    assert account.held_micros == 200_000
    assert ledger.reconcile(kazoo_account_id, "1001") == []


def test_a_call_ends_with_its_money(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """A balance for seven minutes is seven minutes, to the second."""
    begin(ledger, kazoo_account_id, 70_000)
    switch = Switch()
    assert played(ledger, kazoo_account_id, switch, 10) == 420
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    assert account.available_micros(NOW) == 0


@pytest.mark.parametrize("is_told", [True, False])
def test_a_transferred_call_is_ended_by_the_leg_that_lives_on(
    ledger: DynamoDBLedger, kazoo_account_id: str, is_told: bool
) -> None:
    """The caller sent the callee away: his own leg is gone, the one that costs the money is hung up."""
    hold = begin(ledger, kazoo_account_id, 20_000)
    at = int(NOW.timestamp()) + 20
    settlement = Settlement(ledger)
    if is_told:
        event = LegEvent("create", "b-leg", "outbound", CALL_ID, at=at - 15, received_at=at - 15)
        settlement.told(kazoo_account_id, event, NOW + timedelta(seconds=5))
    end = LegEvent(
        *("destroy", CALL_ID, "inbound", "b-leg"),
        hold_id=hold.hold_id,
        at=at,
        received_at=at,
        seconds=18,
        duration=20,
        cause="BLIND_TRANSFER",
    )
    settlement.told(kazoo_account_id, end, NOW + timedelta(seconds=20))
    switch = Switch()
    assert played(ledger, kazoo_account_id, switch, 10) == 120
    assert set(switch.ended) == {"b-leg"}


def test_a_leg_that_cannot_be_ended_keeps_no_other_leg_up(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """Every leg is tried; then the failure is raised, so that the queue tries again."""
    hold = begin(ledger, kazoo_account_id, 20_000)
    at = int(NOW.timestamp()) + 5
    event = LegEvent("create", "b-leg", "outbound", CALL_ID, at=at, received_at=at)
    Settlement(ledger).told(kazoo_account_id, event, NOW + timedelta(seconds=5))
    tried = []

    class Stubborn:
        def hang_up(self, kazoo_account_id: str, call_id: str) -> None:
            tried.append(call_id)
            raise CrossbarUnavailableError("timed out")

    due = BalanceExhausted(kazoo_account_id, "1001", hold.hold_id, 0)
    with pytest.raises(CrossbarUnavailableError):
        CallControl(ledger).handle_exhausted(due, Stubborn(), NOW + timedelta(hours=2))
    assert set(tried) == {CALL_ID, "b-leg"}


def test_a_key_that_was_changed_is_used(emulator: Any, kazoo_account_id: str) -> None:
    """A function that lives on signs in with the new key."""
    name = f"/pivot-lambda/local/crossbar/{kazoo_account_id}"
    ssm = emulator.client("ssm")
    clock = iter(range(0, 10_000, 100))
    crossbars = Crossbars(Parameters(lambda: ssm, "/pivot-lambda/local", clock=lambda: next(clock)))
    for key in ("a" * 64, "b" * 64):
        access = json.dumps({"url": "https://crossbar.example.com:8443", "api_key": key})
        ssm.put_parameter(Name=name, Value=access, Type="SecureString", Overwrite=True)
        assert crossbars.of(kazoo_account_id).http._api_key == key


def test_a_top_up_in_time_saves_the_call(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """Money that arrives before the last second is used: the message finds it and ends nothing."""
    hold = begin(ledger, kazoo_account_id, 20_000)
    control, switch = CallControl(ledger), Switch()
    account = ledger.account(kazoo_account_id, "1001")
    assert account is not None
    (due,) = control.scan(account, NOW + timedelta(seconds=60))
    assert due.in_seconds == 60
    ledger.top_up(kazoo_account_id, "1001", 50_000, reference="r", now=NOW)
    assert control.handle_exhausted(due, switch, NOW + timedelta(seconds=120)) == "extended"
    assert control.handle_exhausted(due, switch, NOW + timedelta(seconds=121)) == "not_yet"
    ledger.settle(kazoo_account_id, "1001", hold.hold_id, 130, NOW)
    assert control.handle_exhausted(due, switch, NOW + timedelta(seconds=900)) == "over"
    assert switch.ended == []


def test_a_call_over_midnight_is_held_to_the_new_day_s_limit(
    ledger: DynamoDBLedger, kazoo_account_id: str
) -> None:
    """What is held at the turn counts in the new day, and so does every extension made in it."""
    controls = Controls(hold_seconds=120, max_hour_micros=200_000, max_day_micros=200_000)
    rates = (Rate("44", 60_000, 0, 1, 1),)
    account = Account(kazoo_account_id, "1001", "USD", rates=rates, controls=controls)
    ledger.create(account, opening_micros=5_000_000)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    late = ledger.authorize(
        kazoo_account_id, "1001", CallRequest("late", LONDON), midnight - timedelta(minutes=1)
    )
    early = ledger.authorize(kazoo_account_id, "1001", CallRequest("early", LONDON), midnight)
    assert isinstance(late, Authorized)
    assert isinstance(early, Authorized)
    assert (late.hold.held_seconds, early.hold.held_seconds) == (120, 80)
    longer = ledger.extend(kazoo_account_id, "1001", late.hold.hold_id, 300, midnight)
    assert isinstance(longer, Refusal)
    for hold in (late.hold, early.hold):
        ledger.void(kazoo_account_id, "1001", hold.hold_id, midnight)
    ended = ledger.account(kazoo_account_id, "1001")
    assert ended is not None
    assert (ended.hour.micros, ended.day.micros, ended.held_micros) == (0, 0, 0)
    assert ledger.reconcile(kazoo_account_id, "1001") == []


def test_a_blocked_account_s_calls_end(ledger: DynamoDBLedger, kazoo_account_id: str) -> None:
    """The kill switch reaches calls in progress: nothing is extended any more."""
    begin(ledger, kazoo_account_id, 10_000_000)
    ledger.configure(
        kazoo_account_id, "1001", lambda a: replace(a, controls=replace(a.controls, blocked=True))
    )
    assert played(ledger, kazoo_account_id, Switch(), 5) == 120


@pytest.fixture
def parameters(
    emulator: Any, as_deployed: None, kazoo_account_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function's environment, and the KAZOO account's Crossbar key."""
    for name, value in {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PIVOT_STAGE": "local",
        "PIVOT_PARAMETER_PREFIX": "/pivot-lambda/local",
        "ACCOUNTS_TABLE": emulator.names["AccountsTable"],
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    app.control.cache_clear()
    access = json.dumps({"url": "https://crossbar.example.com:8443", "api_key": "k" * 64})
    name = f"/pivot-lambda/local/crossbar/{kazoo_account_id}"
    emulator.client("ssm").put_parameter(Name=name, Value=access, Type="SecureString")


def test_a_call_is_ended_through_crossbar(
    parameters: None,
    ledger: DynamoDBLedger,
    emulator: Any,
    kazoo_account_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a token that is renewed when refused; a call that is over, asked for again, is not an error."""
    hold = begin(ledger, kazoo_account_id, 20_000)
    stand_in = StandInCrossbar()
    client = httpx.Client(transport=httpx.MockTransport(stand_in))
    parameters = Parameters(lambda: emulator.client("ssm"), "/pivot-lambda/local")
    crossbars = Crossbars(parameters, client=client, tries=1)
    monkeypatch.setattr(app, "crossbars", lambda: crossbars)
    body = json.dumps(
        {
            "kazoo_account_id": kazoo_account_id,
            "account_id": "1001",
            "hold_id": hold.hold_id,
            "in_seconds": 0,
        }
    )
    event = {"Records": [{"messageId": "1", "body": body}, {"messageId": "2", "body": "{}"}]}
    for _ in range(2):
        assert app.handler(event) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert stand_in.ended == ["one%2Fcall%3Bof%3Dmany%40pbx"]


def test_the_sweeper_announces_calls_that_run_out(
    parameters: None,
    ledger: DynamoDBLedger,
    emulator: Any,
    kazoo_account_id: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the control is on, the sweeper queues the call for the second its money ends."""
    sqs = emulator.client("sqs")
    queue = sqs.create_queue(QueueName=f"control-{uuid.uuid4().hex}")["QueueUrl"]
    controls = Controls(hold_seconds=60)
    account = Account(
        kazoo_account_id, "1001", "USD", rates=(Rate("44", 10_000, 0, 1, 1),), controls=controls
    )
    ledger.create(account, opening_micros=10_000)
    request = CallRequest(CALL_ID, LONDON)
    ledger.authorize(kazoo_account_id, "1001", request, datetime.now(UTC) - timedelta(seconds=60))
    monkeypatch.setenv("NOTICES_QUEUE", "http://127.0.0.1:1/notices")
    assert "runs_out" not in sweep_holds.handler({})
    monkeypatch.setenv("CONTROL_QUEUE", queue)
    assert sweep_holds.handler({})["runs_out"] >= 1
    bodies = [
        json.loads(m["Body"]) for m in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    ]
    assert kazoo_account_id in {body["kazoo_account_id"] for body in bodies}
