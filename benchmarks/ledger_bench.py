"""The balance gate beside its own UpdateItem, a settlement beside a bare transaction, the decision alone."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure, microseconds
from pivot_app import aws
from pivot_app.ledger import (
    Account,
    CallRequest,
    Controls,
    Destination,
    DynamoDBLedger,
    Hold,
    Rate,
    RateTable,
    authorize,
)
from pivot_app.settings import settings
from pivotctl.events import event_v2
from pivotctl.local_stack import Emulator, create_tables, function_environment
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, TOKEN, seed

ROUNDS = 100
ACCOUNT = "900900"
LONDON = Destination("+442071838750", "GB")
RATES = (Rate("44", 10_000),)
CONTROLS = Controls(max_live_calls=100, max_call_seconds=600)


def figures() -> Iterator[Figure]:
    """Measure on an emulator of its own, one sample of each in turn."""
    yield _decision()
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator.start(Path(folder) / "emulator.log")
        try:
            tables = create_tables(emulator)
            seed(emulator, tables)
            os.environ.update(function_environment(emulator, tables))
            settings.cache_clear()
            ledger = DynamoDBLedger(emulator.client("dynamodb"), tables["AccountsTable"])
            account = Account(KAZOO_ACCOUNT, ACCOUNT, "USD", rates=RATES, controls=CONTROLS)
            ledger.create(account, opening_micros=10**12)
            yield from _gate(ledger)
            yield _settlement(ledger)
        finally:
            emulator.stop()


def _decision() -> Figure:
    """Return what deciding alone takes, with 50,000 rates and 100 live calls on the account."""
    plan = RateTable([Rate(str(prefix), 10_000) for prefix in range(10_000, 60_000)], currency="USD")
    account = Account(KAZOO_ACCOUNT, ACCOUNT, "USD", credited_micros=10**12, controls=CONTROLS)
    now = datetime.now(UTC)
    for number in range(99):
        hold = authorize(account, CallRequest(f"call {number}", LONDON), plan, now)
        assert isinstance(hold, Hold)
        account = replace(account, holds={**account.holds, hold.place: hold})
    request = CallRequest("one more", LONDON)
    took = microseconds(lambda: authorize(account, request, plan, now))
    return Figure("ledger: decide one call, 50,000 rates and 99 live calls", took, "us")


def _gate(ledger: DynamoDBLedger) -> Iterator[Figure]:
    from functions.balance_gate import app

    asked: list[str] = []
    client = aws.client("dynamodb")
    client.meta.events.register("before-send.dynamodb", lambda event_name, **_: asked.append(event_name))
    app.handler.debug = False
    body = f"Account-ID={KAZOO_ACCOUNT}&Caller-ID-Number=%2B14155550123&Request=%2B442071838750&Call-ID="

    def event(call_id: str) -> Any:
        return event_v2(
            "POST",
            "/balance_gate",
            query_string=f"account={ACCOUNT}&token={TOKEN}",
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=body + call_id,
        )

    made: list[dict[str, Any]] = []
    client.meta.events.register(
        "before-parameter-build.dynamodb.UpdateItem", lambda params, **_: made.append(deepcopy(params))
    )
    gate, bare, requests = [], [], set()
    for number in range(ROUNDS + 1):
        before = client.get_item(TableName=ledger.table.name, Key=made[-1]["Key"])["Item"] if made else {}
        asked.clear()
        call = event(f"bench{number}")
        took = _milliseconds(lambda call=call: _admitted(app.handler(call)))  # type: ignore[misc]
        if number:  # the first one had the account to read
            gate.append(took)
            requests.add(len(asked))
            # The account as it was, and the gate's own request once more.
            client.put_item(TableName=ledger.table.name, Item=before)
            bare.append(_milliseconds(lambda: client.update_item(**made[-1])))
        for hold in list(_account(ledger).holds.values()):
            ledger.void(KAZOO_ACCOUNT, ACCOUNT, hold.hold_id, datetime.now(UTC))
    (exactly,) = requests
    yield Figure("balance_gate: DynamoDB requests of an admitted call", exactly, "requests")
    for place, clock in enumerate(("wall", "processor")):
        admitted, update = (statistics.median(each[place] for each in took) for took in (gate, bare))
        yield Figure(
            f"balance_gate: an admitted call, warm, {clock}",
            admitted,
            "ms",
            update,
            "the same UpdateItem, bare",
        )


def _settlement(ledger: DynamoDBLedger) -> Figure:
    now = datetime.now(UTC)
    settled_ms, bare_ms = [], []
    for number in range(ROUNDS):
        decision: Any = ledger.authorize(KAZOO_ACCOUNT, ACCOUNT, CallRequest(f"settle {number}", LONDON), now)
        hold_id = decision.hold.hold_id
        settled_ms.append(
            _milliseconds(lambda hold_id=hold_id: ledger.settle(KAZOO_ACCOUNT, ACCOUNT, hold_id, 60, now))  # type: ignore[misc]
        )
        puts = [
            {"Put": {"Item": {"pk": {"S": f"bare {number}"}, "sk": {"S": f"{part}"}}}} for part in range(3)
        ]
        bare_ms.append(_milliseconds(lambda puts=puts: ledger.table.transact(puts)))  # type: ignore[misc]
    if wrong := ledger.reconcile(KAZOO_ACCOUNT, ACCOUNT):
        raise RuntimeError("; ".join(wrong))
    settled, transaction = (statistics.median(wall for wall, _ in took) for took in (settled_ms, bare_ms))
    return Figure("ledger: settle a call", settled, "ms", transaction, "a bare 3-item transaction")


def _account(ledger: DynamoDBLedger) -> Account:
    account = ledger.account(KAZOO_ACCOUNT, ACCOUNT)
    if account is None:
        raise LookupError(ACCOUNT)
    return account


def _milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of the clock, and of this process's processor time."""
    with redirect_stdout(StringIO()):  # a function's metrics are no figures
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _admitted(answer: Mapping[str, Any]) -> None:
    if "hold_id" not in answer["body"]:
        raise RuntimeError(f"not admitted: {answer}")
