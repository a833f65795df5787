"""Every alarm fires from what the code really emits: the trouble is made, the metrics are read, it is judged.

What AWS itself measures is held to the names and dimensions AWS documents.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from functions.call_ended import app as call_ended
from functions.compare_cdrs import app as compare_cdrs
from functions.control_call import app as control_call
from functions.doctor import app as doctor
from functions.settle_call import app as settle_call
from functions.sweep_holds import app as sweep_holds
from functions.synthetic_call.app import handler as call_synthetically
from kazoo_simulator import Simulator
from pivot_app import aws, call_wiring, synthetic_call
from pivot_app.balance_gate import deployed
from pivot_app.doctor import Finding
from pivotctl.local_stack import template
from pivotctl.local_stack.demo_data import ADA, GRACE, KAZOO_ACCOUNT, TOKEN
from tests.conftest import Tables
from tests.functions.test_fault_matrix import FAULTS

TEMPLATE = template()
RESOURCES = TEMPLATE["Resources"]
ALARMS = {name: r["Properties"] for name, r in RESOURCES.items() if r["Type"] == "AWS::CloudWatch::Alarm"}
STAGE = "local"
LONDON = "+442071838750"
# Metrics of AWS by namespace: the dimension an alarm names, and what it refers to.
FUNCTION = "AWS::Serverless::Function"
OF_AWS = {
    "AWS/ApiGateway": (
        {"5xx", "4xx", "Latency", "Count", "IntegrationLatency"},
        "ApiId",
        "AWS::Serverless::HttpApi",
    ),
    "AWS/Lambda": ({"Errors", "Invocations", "Throttles", "Duration"}, "FunctionName", FUNCTION),
    "AWS/SQS": (
        {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
        "QueueName",
        "AWS::SQS::Queue",
    ),
    "AWS/DynamoDB": ({"ReadThrottleEvents", "WriteThrottleEvents"}, "TableName", "AWS::DynamoDB::Table"),
}
Series = dict[str, float]
Kazoo = Callable[..., Simulator]


def metrics_of(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every metric an alarm reads: namespace, name, dimensions."""
    for query in alarm.get("Metrics", []):
        if "MetricStat" in query:
            yield query["MetricStat"]["Metric"] | {
                "Statistic": query["MetricStat"]["Stat"],
                "Id": query["Id"],
            }
    if "MetricName" in alarm:
        yield {**alarm, "Id": "value"}


def dimensions_of(metric: dict[str, Any]) -> dict[str, str]:
    """The dimensions of one of our metrics, as they are deployed for a stage."""
    return {
        each["Name"]: each["Value"]["Fn::Sub"].replace("${Stage}", STAGE) for each in metric["Dimensions"]
    }


OURS = {
    name for name, alarm in ALARMS.items() if any(m["Namespace"] == "PivotLambda" for m in metrics_of(alarm))
}


class Emitted:
    """What was written to standard output as metrics: sums by name and dimensions."""

    def __init__(self) -> None:
        self.sums: dict[tuple[str, frozenset[tuple[str, str]]], float] = defaultdict(float)

    def read(self, text: str) -> None:
        """Take CloudWatch's embedded metrics out of what functions wrote."""
        for line in text.splitlines():
            if not line.startswith('{"_aws"'):
                continue
            document = json.loads(line)
            for directive in document["_aws"]["CloudWatchMetrics"]:
                assert directive["Namespace"] == "PivotLambda"
                for metric in directive["Metrics"]:
                    for names in directive["Dimensions"]:
                        key = (metric["Name"], frozenset((name, document[name]) for name in names))
                        self.sums[key] += document[metric["Name"]]

    def value(self, metric: dict[str, Any]) -> float | None:
        """What CloudWatch would have of it in this minute; None without a datapoint."""
        return self.sums.get((metric["MetricName"], frozenset(dimensions_of(metric).items())))


def fires(alarm: dict[str, Any], emitted: Emitted) -> bool:
    """Whether the alarm rings when every period is as what was emitted."""
    values = {metric["Id"]: emitted.value(metric) for metric in metrics_of(alarm)}
    if "Metrics" in alarm:
        (expression,) = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
        values["value"] = computed(expression, values)
    value = values["value"]
    if value is None:
        return bool(alarm["TreatMissingData"] == "breaching")
    if alarm["ComparisonOperator"] == "LessThanThreshold":
        return value < alarm["Threshold"]
    return value > alarm["Threshold"]


def computed(expression: str, values: dict[str, float | None]) -> float | None:
    """CloudWatch's metric math, as far as the template uses it: no datapoint where one is missing."""
    names = {"IF": lambda c, a, b: a if c else b, "FILL": lambda a, b: b if a is None else a}
    text = expression.replace(" AND ", " and ").replace(" OR ", " or ")
    try:
        result = eval(text, {"__builtins__": {}}, names | values)
    except TypeError:
        return None
    return None if result is None else float(result)


@pytest.fixture
def emitted(
    application: dict[str, Any],
    seeded: Tables,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Callable[[], Emitted]]:
    """The functions as they are deployed to a stage; call it to read what they emitted."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"pivot-lambda-{STAGE}")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "PivotLambda")
    queue = seeded.client("sqs").create_queue(QueueName="alarms")["QueueUrl"]
    monkeypatch.setenv("CALL_ENDED_QUEUE", queue)
    monkeypatch.setenv("NOTICES_QUEUE", queue)
    call_wiring.forget()
    deployed.cache_clear()
    capsys.readouterr()

    def read() -> Emitted:
        found = Emitted()
        found.read(capsys.readouterr().out)
        return found

    yield read
    deployed.cache_clear()


@contextmanager
def stores_away() -> Iterator[None]:
    """DynamoDB fails; SSM and what is cached of it do not."""
    client = aws.client("dynamodb")
    client.meta.events.register_first("before-send.*.*", FAULTS["error"])
    try:
        yield
    finally:
        client.meta.events.unregister("before-send.*.*", FAULTS["error"])


def end_of_call(token: str = TOKEN) -> dict[str, Any]:
    """KAZOO's webhook, as API Gateway hands it on."""

    body = json.dumps({"account_id": KAZOO_ACCOUNT, "call_id": "a", "hook_event": "channel_destroy"})
    context = {"http": {"method": "POST", "path": "/call_ended", "sourceIp": "192.0.2.1"}}
    return {
        "version": "2.0",
        "rawPath": "/call_ended",
        "rawQueryString": f"token={token}",
        "headers": {"content-type": "application/json"},
        "requestContext": context,
        "body": body,
        "isBase64Encoded": False,
    }


# --- the troubles, each made by running the code


def callers_hear_fallbacks(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """DynamoDB fails while callers ask for their balance."""
    with stores_away():
        for number in range(4):
            kazoo_of().call(f"+1415555{number:04}", "2000", path="/account_balance").hangs_up()


def strangers_ask(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """Requests with a token nobody issued."""
    for _ in range(25):
        kazoo_of(token="wrong").call(ADA, "2000", path="/account_balance").hangs_up()


def gate_refuses_without_store(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """DynamoDB fails after the KAZOO account was seen, and prepaid calls are refused."""
    kazoo_of().call(ADA, "2000", path="/account_balance").hangs_up()
    with stores_away():
        kazoo_of().call(GRACE, LONDON, path="/balance_gate").hangs_up()


def gate_admits_without_store(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """DynamoDB fails after the KAZOO account was seen, and an operator lets some calls through."""
    kazoo_of().call(ADA, "2000", path="/account_balance").hangs_up()
    patch.setenv("GATE_STORE_DOWN_CALLS", "1")
    deployed.cache_clear()
    with stores_away():
        kazoo_of().call(GRACE, LONDON, path="/balance_gate").hangs_up()


def queue_is_away(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """SQS fails when a webhook comes."""
    patch.setenv("CALL_ENDED_QUEUE", "http://127.0.0.1:1/nowhere")
    call_ended.handler(end_of_call())


def webhook_is_silent(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """Calls are admitted, and no end of one arrives."""
    from pivot_app.balance_gate import _flows

    for _ in range(6):
        _flows.count(SimpleNamespace(explain=lambda *_, **__: None), "CallsAdmitted")  # type: ignore[arg-type]


def one_webhook_is_silent(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """A call of one KAZOO account should have ended long ago, and no end came since it was admitted."""
    controls = SimpleNamespace(low_balance_micros=None)
    hold = SimpleNamespace(hold_id="1.a", call_id="a", expires_at=time.time() - 60)
    account = SimpleNamespace(controls=controls, holds={"a": hold}, kazoo_account_id="k")
    a_sweep(patch, account=lambda *_: account)
    settlement = SimpleNamespace(
        sweep=lambda *_: [], close_if_quiet=lambda *_: None, is_silent=lambda *_: True
    )
    patch.setattr(call_wiring, "Settlement", lambda *_: settlement)
    sweep_holds.handler({})


def settling_fails(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """A message nobody can settle."""
    settle_call.handler({"Records": [{"messageId": "1", "body": "{not json"}]})


def a_sweep(patch: pytest.MonkeyPatch, **ledger: Any) -> None:
    """Sweep one account of a ledger that behaves as told."""
    fake = {
        "table": None,
        "pages_with_holds": lambda *_: [([("k", "1")], None)],
        "account": lambda *_: None,
    } | ledger
    patch.setattr(call_wiring, "ledger", lambda: SimpleNamespace(**fake))


def sweeper_is_late(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """More accounts than the sweeper has time for."""
    a_sweep(patch)
    sweep_holds.handler({}, SimpleNamespace(get_remaining_time_in_millis=lambda: 1))


def an_end_is_never_told(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """The sweeper finds a hold whose end is overdue."""
    account = SimpleNamespace(
        controls=SimpleNamespace(low_balance_micros=None), holds={}, kazoo_account_id="k"
    )
    a_sweep(patch, account=lambda *_: account)
    swept = [SimpleNamespace(outcome="unresolved")]
    settlement = SimpleNamespace(sweep=lambda *_: swept, close_if_quiet=lambda *_: None)
    patch.setattr(call_wiring, "Settlement", lambda *_: settlement)
    sweep_holds.handler({})


def cdrs_cannot_be_read(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """Crossbar fails in a way nobody thought of."""
    patch.setattr(compare_cdrs, "accounts_with_access", lambda: ["k"])
    patch.setattr("pivot_app.call_events._crossbar.CrossbarCalls.of", lambda *_: SimpleNamespace())
    compare_cdrs.handler({})


def a_call_is_not_ended(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """Call control fails."""
    control_call.handler({"Records": [{"messageId": "1", "body": "{not json"}]})


def synthetic_call_fails(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """The API answers 502."""
    patch.setenv("SYNTHETIC_CALL_URL", "https://x.example")
    patch.setattr(synthetic_call, "ask", lambda _: (502, "text/html", b"Bad Gateway"))
    call_synthetically({})


def an_account_is_not_well(kazoo_of: Kazoo, patch: pytest.MonkeyPatch) -> None:
    """The doctor finds a webhook that is off."""
    found = [Finding("webhook", "error", "it is off", "pivot doctor --fix")]
    examined(patch, found)
    doctor.handler({})


def examined(patch: pytest.MonkeyPatch, found: list[Finding]) -> None:
    """Let the doctor find this of one account."""
    patch.setenv("DOCTOR_URL", "https://pivot.example.com")
    patch.setattr("pivot_app.doctor._deployed.accounts_with_access", lambda: ["k"])
    patch.setattr("pivot_app.doctor._deployed.examine_deployed", lambda *_: found)


TROUBLES: dict[str, tuple[Callable[[Kazoo, pytest.MonkeyPatch], None], ...]] = {
    "FallbacksAlarm": (callers_hear_fallbacks,),
    "StoresAlarm": (callers_hear_fallbacks,),
    "RefusalsAlarm": (strangers_ask,),
    "StoreDownCallsAlarm": (gate_refuses_without_store, gate_admits_without_store),
    "CallEndsLostAlarm": (queue_is_away,),
    "SilentWebhookAlarm": (webhook_is_silent, one_webhook_is_silent),
    "SettleFailedAlarm": (settling_fails,),
    "SweeperBehindAlarm": (sweeper_is_late,),
    "HoldsUnresolvedAlarm": (an_end_is_never_told,),
    "ComparisonsFailedAlarm": (cdrs_cannot_be_read,),
    "ControlFailedAlarm": (a_call_is_not_ended,),
    "SyntheticCallAlarm": (synthetic_call_fails,),
    "DoctorAlarm": (an_account_is_not_well,),
}


def test_every_alarm_of_ours_has_its_trouble() -> None:
    """An alarm that is added is shown to fire, or this fails."""
    assert set(TROUBLES) == OURS


@pytest.mark.parametrize(
    ("alarm", "trouble"),
    [(name, trouble) for name, troubles in TROUBLES.items() for trouble in troubles],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_an_alarm_fires_from_what_is_emitted(
    alarm: str,
    trouble: Callable[[Kazoo, pytest.MonkeyPatch], None],
    emitted: Callable[[], Emitted],
    kazoo_of: Kazoo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The trouble is made by running the code; the alarm reads the very metric and dimensions."""
    trouble(kazoo_of, monkeypatch)
    assert fires(ALARMS[alarm], emitted())


def test_no_alarm_fires_while_all_is_well(
    emitted: Callable[[], Emitted], kazoo_of: Kazoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Honest calls, their ends, a sweep and a synthetic call are no trouble."""
    for _ in range(6):
        kazoo_of().call(ADA, "2000", path="/account_balance").hangs_up()
    kazoo_of().call(GRACE, LONDON, path="/balance_gate").hangs_up()
    assert call_ended.handler(end_of_call())["statusCode"] == 200
    a_sweep(monkeypatch)
    sweep_holds.handler({})
    answer = {"module": "tts", "data": {"text": "Hello"}, "children": {}}
    monkeypatch.setenv("SYNTHETIC_CALL_URL", "https://x.example")
    monkeypatch.setattr(
        synthetic_call, "ask", lambda _: (200, "application/json", json.dumps(answer).encode())
    )
    call_synthetically({})
    examined(monkeypatch, [Finding("webhook", "ok", "it is on")])
    doctor.handler({})
    seen = emitted()
    assert [name for name in OURS if fires(ALARMS[name], seen)] == []


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_reads_metrics_there_are(name: str) -> None:
    """Names and dimensions are AWS's or ours, refer to what the template makes, and somebody is told."""
    alarm = ALARMS[name]
    assert alarm["AlarmDescription"]
    assert alarm["AlarmActions"] == alarm["OKActions"]
    for metric in metrics_of(alarm):
        if metric["Namespace"] == "PivotLambda":
            assert dimensions_of(metric) == {"service": f"pivot-lambda-{STAGE}"}
            continue
        names, dimension, type_ = OF_AWS[metric["Namespace"]]
        assert metric["MetricName"] in names
        for each in metric.get("Dimensions", []):
            assert each["Name"] == dimension
            reference = json.dumps(each["Value"])
            referred = {found for found in RESOURCES if f'"{found}"' in reference}
            assert {RESOURCES[found]["Type"] for found in referred} == {type_}
    used = set(re.findall("[a-z_]+", " ".join(q.get("Expression", "") for q in alarm.get("Metrics", []))))
    assert used == {metric["Id"] for metric in metrics_of(alarm)} - {"value"}


def test_every_queue_that_keeps_what_failed_has_an_alarm() -> None:
    """Nothing waits unseen in a dead-letter queue."""
    watched = json.dumps([alarm.get("Dimensions") for alarm in ALARMS.values()])
    dead = {
        resource["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for resource in RESOURCES.values()
        if resource["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in resource["Properties"]
    }
    assert dead
    assert all(f'"{queue}"' in watched for queue in dead)


def test_every_queue_that_keeps_what_failed_is_looked_after() -> None:
    """`pivot check` finds it among the outputs, and an operator may bring its messages back."""
    dead = {name for name in RESOURCES if name.endswith("DeadLetters")}
    assert len(dead) == 4
    assert dead <= set(template()["Outputs"])
    policy = RESOURCES["OperatorPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (of_queues,) = [each for each in policy if "sqs:StartMessageMoveTask" in each["Action"]]
    named = {each["Fn::GetAtt"][0] for each in of_queues["Resource"]}
    assert named == {name for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"}


def test_metrics_do_not_multiply_cost(
    emitted: Callable[[], Emitted], kazoo_of: Kazoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many reasons, KAZOO accounts and callers there are: a fixed number of metrics."""
    strangers_ask(kazoo_of, monkeypatch)
    callers_hear_fallbacks(kazoo_of, monkeypatch)
    for path in ("/menu", "/call_routing", "/balance_gate"):
        kazoo_of().call(ADA, "2000", path=path).hangs_up()
    names = {dimension for _, dimensions in emitted().sums for dimension, _ in dimensions}
    assert names <= {"service", "callback"}


def test_the_dashboard_shows_every_callback() -> None:
    """The dashboard shows every callback's fallbacks."""
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(re.sub(r"\$\{[^}]+\}", "x", body))["widgets"]
    callbacks = {
        name.split("/")[1]
        for name in re.findall(r'"Path": "(/[a-z_]+)"', json.dumps(RESOURCES))
        if name not in {"/call_ended", "/call_events"}
    }
    shown = next(w for w in widgets if w["properties"]["title"] == "Fallbacks by callback")
    assert callbacks - {"debug"} == {metric[-1] for metric in shown["properties"]["metrics"]}
