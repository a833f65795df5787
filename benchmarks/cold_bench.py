"""The first answer of a cold function, as its caller waits for it, beside a minimal boto3 function.

Both make the same requests to the same stand-in, over TLS. The layers are built as they ship, nothing is
compiled while it runs, and the Runtime Interface Emulator starts each instance. Pairs take turns, so that
what else the machine does falls on both; processor time is what counts where a machine is shared.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.aws_stand_in import Exchange, StandIn
from benchmarks.figure import Figure
from benchmarks.lambda_instance import ROOT, Place
from pivot_app.tenants import TenantItem, TenantStore
from pivot_app.tenants._tokens import issue
from pivotctl.event_files import events
from pivotctl.local_stack import REGION, Emulator, create_tables, function_environment
from pivotctl.local_stack.demo_data import ADA, GRACE, KAZOO_ACCOUNT, TOKEN, TOKEN_KEY, seed

ROUNDS = int(os.environ.get("PIVOT_BENCH_ROUNDS", "7"))
BASELINE = "minimal boto3 function, the same requests"
# On a call's path, by the order a caller may meet them.
CALLBACKS = ("call_routing", "menu", "menu_selection", "balance_gate", "account_balance", "identify_caller")


def figures() -> Iterator[Figure]:
    """Measure on an emulator of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        emulator = Emulator.start(folder / "emulator.log")
        stand_in = StandIn(emulator.url, REGION, folder)
        try:
            tables = create_tables(emulator)
            seed(emulator, tables)
            environment = {
                **function_environment(emulator, tables),
                "AWS_REGION": REGION,
                "AWS_SESSION_TOKEN": "test",
                "BENCH_PORT": str(stand_in.port),
            }
            del environment["AWS_ENDPOINT_URL"]
            token = _token(emulator, tables["TenantsTable"])
            place = Place(folder / "lambda", stand_in.certificate)
            yield from _measure(place, stand_in, environment, token)
        finally:
            stand_in.stop()
            emulator.stop()


def _token(emulator: Emulator, table: str) -> str:
    """Return a current token for a KAZOO account without Live Debug, which is off by default."""
    token, kept = issue("pivot", KAZOO_ACCOUNT, "k1", TOKEN_KEY.encode())
    store = TenantStore(emulator.client("dynamodb"), table)
    item = store.get(KAZOO_ACCOUNT, consistent=True)
    assert item is not None
    settings = {name: value for name, value in item.settings.items() if name != "debug"}
    store.put(
        TenantItem(
            account_id=KAZOO_ACCOUNT,
            settings=settings,
            tokens={kept.id: {"scope": "pivot"}},
            version=item.version,
        )
    )
    return token


def _measure(place: Place, stand_in: StandIn, environment: dict[str, str], token: str) -> Iterator[Figure]:
    calls = count()
    minimal = ROOT / "benchmarks" / "minimal_boto3.py"
    ours: dict[str, list[dict[str, float]]] = {name: [] for name in CALLBACKS}
    theirs: dict[str, list[dict[str, float]]] = {name: [] for name in CALLBACKS}
    asked: dict[str, list[Exchange]] = {}
    for turn in range(ROUNDS + 1):
        for name in CALLBACKS:
            event = _event(name, token, f"cold{next(calls)}")
            task = place.task(name, ROOT / "functions" / name / "app.py")
            stand_in.record()
            took = place.first_answer(task, event, environment)
            if not turn:
                asked[name] = list(stand_in.exchanges)
            requests = json.dumps([_as_call(each) for each in asked[name]])
            beside = place.task(f"{name}_boto3", minimal, requests__json=requests)
            stand_in.replay(asked[name])
            baseline = place.first_answer(beside, event, environment, layers=False)
            if turn:  # the first round fills the disk's cache, and says what is asked
                ours[name].append(took)
                theirs[name].append(baseline)
    for name in CALLBACKS:
        for measured, unit, title in (
            ("cpu_ms", "ms", "cold first answer, processor"),
            ("answer_ms", "ms", "cold first answer, as the caller waits"),
            ("import_cpu_ms", "ms", "cold, of which importing, processor"),
            ("memory_mb", "MB", "cold, memory"),
        ):
            yield Figure(
                f"{name}: {title}",
                statistics.median(each[measured] for each in ours[name]),
                unit,
                statistics.median(each[measured] for each in theirs[name]),
                BASELINE,
            )
        yield Figure(f"{name}: cold, requests to AWS", len(asked[name]), "requests")


def _event(name: str, token: str, call: str) -> Any:
    """Return the event of a new call, admitted where money counts."""
    chained = "state=" in (ROOT / "events" / name / "json.json").read_text()
    text = json.dumps(dict(events(name, chained=chained, call=call))["json"]).replace(TOKEN, token)
    return json.loads(text.replace(ADA, GRACE) if name == "balance_gate" else text)


def _as_call(exchange: Exchange) -> tuple[str, str, Any]:
    """Return what boto3 is to be called with, for the same request: service, method, parameters."""
    service, _, operation = exchange.target.partition(".")
    service = {"AmazonSSM": "ssm", "AmazonSQS": "sqs"}.get(service, "dynamodb")
    return service, re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower(), _parameters(json.loads(exchange.sent))


def _parameters(value: Any) -> Any:
    """JSON as DynamoDB takes it, as boto3's parameters: binary values stay base64, and are as long."""
    if isinstance(value, dict):
        return {name: _parameters(item) for name, item in value.items()}
    return [_parameters(item) for item in value] if isinstance(value, list) else value
