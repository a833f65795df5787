"""`pivot check`: what is wrong is found, with its remedy; what AWS refuses is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from pivotctl.check import _checks, command
from pivotctl.check._checks import ALL, run
from pivotctl.check._finding import Finding, Subject
from pivotctl.cli import app
from pivotctl.deploy._smoke import Smoke, SmokeError
from pivotctl.local_stack import template

TABLES = [
    name
    for name, resource in template()["Resources"].items()
    if resource["Type"] == "AWS::DynamoDB::Table" and resource.get("DeletionPolicy") == "Retain"
]
NOW = datetime.now(UTC)


STANDARD = {"ServiceSetting": {"SettingValue": "false"}}


class Service:
    """A client of AWS that answers each operation with what it was given."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: set[str] = set()

    def __getattr__(self, operation: str) -> Any:
        def answer(**_: Any) -> Any:
            self.asked.add(operation)
            found = self.answers[operation]
            if isinstance(found, Exception):
                raise found
            return found

        return answer

    def get_paginator(self, operation: str) -> Any:
        """One page."""

        return SimpleNamespace(paginate=lambda **_: [getattr(self, operation)()])


def well() -> dict[str, Service]:
    """An AWS on which all is well."""
    recoverable = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
    alarm = {"AlarmName": "pivot-lambda-dev-X", "StateValue": "OK", "AlarmActions": ["arn:topic"]}
    told = {"ResponseMetadata": {"HTTPHeaders": {"date": format_datetime(datetime.now(UTC), usegmt=True)}}}
    return {
        "lambda": Service(get_account_settings={"AccountLimit": {"ConcurrentExecutions": 1000}}),
        "cloudwatch": Service(
            describe_alarms={"MetricAlarms": [alarm]},
            get_metric_statistics={"Datapoints": [{"Sum": 100_000.0}]},
        ),
        "sns": Service(list_subscriptions_by_topic={"Subscriptions": [{"SubscriptionArn": "arn:1"}]}),
        "dynamodb": Service(
            describe_continuous_backups={"ContinuousBackupsDescription": recoverable},
            describe_table={"Table": {"DeletionProtectionEnabled": True}},
        ),
        "ssm": Service(
            get_parameters_by_path={
                "Parameters": [{"Name": "/pivot-lambda/dev/keys/state", "LastModifiedDate": NOW}]
            },
            get_service_setting=STANDARD,
        ),
        "cloudformation": Service(describe_stacks=told),
        "sqs": Service(get_queue_attributes={"Attributes": {"ApproximateNumberOfMessages": "0"}}),
        "acm": Service(
            describe_certificate={"Certificate": {"Status": "ISSUED", "NotAfter": NOW + timedelta(days=200)}}
        ),
    }


def subject(services: dict[str, Service], **changed: Any) -> Subject:
    """A deployment on that AWS."""
    stack = {
        "StackName": "pivot-lambda-dev",
        "StackStatus": "UPDATE_COMPLETE",
        "EnableTerminationProtection": True,
        "DriftInformation": {"StackDriftStatus": "IN_SYNC"},
    }
    parameters = {"Stage": "dev", "SyntheticCall": "on", "DomainName": "localhost", "CertificateArn": "arn:c"}
    given = {
        "stage": "dev",
        "client": services.__getitem__,
        "stack": stack | changed.pop("stack", {}),
        "outputs": {name: name.lower() for name in TABLES} | {"CallEndedDeadLetters": "q"},
        "parameters": parameters | changed.pop("parameters", {}),
        "url": "https://x.example",
        "account": "123456789012",
        "region": "eu-central-1",
    }
    return Subject(**(given | changed))


@pytest.fixture(autouse=True)
def smoke(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """How a played call goes; `slowest_ms` or an `error`."""
    how: dict[str, Any] = {"slowest_ms": 40}

    def call(*_: Any) -> Smoke:
        if "error" in how:
            raise how["error"]
        return Smoke("the question", how["slowest_ms"])

    class Nobody:
        def __enter__(self) -> tuple[str, str]:
            return "a", "t"

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(_checks, "smoke_call", call)
    monkeypatch.setattr(_checks, "temporary_tenant", lambda _: Nobody())
    monkeypatch.setattr(_checks.TenantAdmin, "of", lambda _: None)
    monkeypatch.setattr(_checks.Deployment, "find", lambda *_, **__: None)
    return how


def findings(found: Subject) -> list[Finding]:
    """Everything that is found, without what is well."""
    return [one for check in ALL for one in run(found, check) if one.level not in ("ok", "note")]


def test_where_all_is_well_nothing_is_found() -> None:
    """No warning without a reason."""
    assert findings(subject(well())) == []


def test_an_operator_may_look_at_all_of_it() -> None:
    """The output OperatorPolicy allows every operation that `pivot check` asks AWS for."""
    services = well()
    findings(subject(services))
    asked = {
        f"{service}:{''.join(word.capitalize() for word in operation.split('_'))}"
        for service, client in services.items()
        for operation in client.asked
    }
    policy = template()["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert len(asked) > 8
    assert asked <= allowed


TROUBLES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "stack": ({}, {"stack": {"StackStatus": "UPDATE_ROLLBACK_FAILED"}}, "UPDATE_ROLLBACK_FAILED"),
    "unprotected": ({}, {"stack": {"EnableTerminationProtection": False}}, "not protected"),
    "drift": ({}, {"stack": {"DriftInformation": {"StackDriftStatus": "DRIFTED"}}}, "by hand"),
    "stage": ({}, {"parameters": {"Stage": "prod"}}, "for stage prod"),
    "concurrency": (
        {"lambda": Service(get_account_settings={"AccountLimit": {"ConcurrentExecutions": 10}})},
        {},
        "10 functions at once",
    ),
    "no alarms": (
        {
            "cloudwatch": Service(
                describe_alarms={"MetricAlarms": []}, get_metric_statistics={"Datapoints": []}
            )
        },
        {},
        "no alarm",
    ),
    "unconfirmed": (
        {
            "sns": Service(
                list_subscriptions_by_topic={
                    "Subscriptions": [{"SubscriptionArn": "PendingConfirmation", "Endpoint": "ops@x"}]
                }
            )
        },
        {},
        "ops@x did not confirm",
    ),
    "no recovery": (
        {
            "dynamodb": Service(
                describe_continuous_backups={"ContinuousBackupsDescription": {}},
                describe_table={"Table": {"DeletionProtectionEnabled": True}},
            )
        },
        {},
        "point in time",
    ),
    "deletable": (
        {
            "dynamodb": Service(
                describe_continuous_backups={
                    "ContinuousBackupsDescription": {
                        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}
                    }
                },
                describe_table={"Table": {}},
            )
        },
        {},
        "can be deleted",
    ),
    "no record": ({}, {"parameters": {"DomainName": "nowhere.invalid"}}, "does not resolve"),
    "certificate": (
        {
            "acm": Service(
                describe_certificate={
                    "Certificate": {"Status": "ISSUED", "NotAfter": NOW + timedelta(days=9, hours=1)}
                }
            )
        },
        {},
        "lasts for 9 days",
    ),
    "no keys": (
        {"ssm": Service(get_parameters_by_path={"Parameters": []}, get_service_setting=STANDARD)},
        {},
        "no KAZOO account",
    ),
    "old keys": (
        {
            "ssm": Service(
                get_parameters_by_path={
                    "Parameters": [
                        {
                            "Name": "/pivot-lambda/dev/keys/state",
                            "LastModifiedDate": NOW - timedelta(days=500),
                        }
                    ]
                },
                get_service_setting=STANDARD,
            )
        },
        {},
        "500 days old",
    ),
    "clock": (
        {
            "cloudformation": Service(
                describe_stacks={
                    "ResponseMetadata": {
                        "HTTPHeaders": {
                            "date": format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
                        }
                    }
                }
            )
        },
        {},
        "s off",
    ),
    "dead letters": (
        {"sqs": Service(get_queue_attributes={"Attributes": {"ApproximateNumberOfMessages": "3"}})},
        {},
        "3 messages wait",
    ),
    "denied": (
        {
            "lambda": Service(
                get_account_settings=ClientError(
                    {"Error": {"Code": "AccessDeniedException"}}, "GetAccountSettings"
                )
            )
        },
        {},
        "AccessDenied",
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_found_with_its_remedy(trouble: str) -> None:
    """Each alone, and nothing else with it."""
    services, changed, told = TROUBLES[trouble]
    found = findings(subject(well() | services, **changed))
    assert found
    assert {one.check for one in found} == {found[0].check} or trouble in ("no alarms", "stage")
    assert told in " ".join(one.message for one in found)
    assert all(one.remedy for one in found)


@pytest.mark.parametrize(("slowest_ms", "level"), [(40, None), (2000, "warning"), (4000, "failure")])
def test_a_slow_answer_is_found(smoke: dict[str, Any], slowest_ms: int, level: str | None) -> None:
    """KAZOO gives up after five seconds."""
    smoke["slowest_ms"] = slowest_ms
    assert [one.level for one in findings(subject(well()))] == ([level] if level else [])


def test_a_deployment_that_does_not_answer_is_a_failure(smoke: dict[str, Any]) -> None:
    """The ladder is in the finding."""
    smoke["error"] = SmokeError("HTTP 502")
    (found,) = findings(subject(well()))
    assert (found.level, found.message) == ("failure", "HTTP 502")
    assert "pivot rollback dev" in found.remedy


def test_the_command_prints_json_and_fails_where_something_hurts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1 for a failure only; a program reads the rest."""
    monkeypatch.setattr(command, "subject", lambda stage: subject(well()))
    answered = CliRunner().invoke(app, ["check", "dev", "--json"])
    assert answered.exit_code == 0, answered.output
    document = json.loads(answered.output)
    assert document["healthy"] is True
    assert document["region"] == "eu-central-1"
    assert {"check", "level", "message", "remedy"} == set(document["findings"][0])
    cost = next(one["message"] for one in document["findings"] if one["check"] == "cost")
    assert "200000 requests a day" in cost

    broken = well() | {"lambda": TROUBLES["concurrency"][0]["lambda"]}
    monkeypatch.setattr(command, "subject", lambda stage: subject(broken))
    answered = CliRunner().invoke(app, ["check", "dev"])
    assert answered.exit_code == 1
    assert "ask for 1000" in answered.output
