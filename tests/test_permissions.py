"""What would only show on AWS: permissions, and a queue's times."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pivot_app import aws
from pivot_app.aws import clients
from pivotctl.local_stack import template
from tests.conftest import Tables
from tests.permissions import Guard, is_allowed


@pytest.mark.parametrize(
    ("function", "action", "resource"),
    [
        ("account_balance", "dynamodb:PutItem", "AccountsTable"),
        ("call_ended", "dynamodb:GetItem", "AccountsTable"),
        ("menu", "ssm:PutParameter", "parameter/pivot-lambda/local/state-keys"),
        ("menu", "ssm:GetParameters", "parameter/pivot-lambda/other/state-keys"),
        ("sweep_holds", "dynamodb:Scan", "AccountsTable"),
    ],
)
def test_a_function_may_do_only_what_it_needs(function: str, action: str, resource: str) -> None:
    """Nothing is allowed that a policy does not name: another action, another table, another stage."""
    assert not is_allowed(function, action, resource)


def test_a_missing_permission_fails_here_and_not_on_aws(
    emulator: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction needs the permission of each of its writes, whoever asks."""
    guard = Guard(emulator.names)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(clients, "_clients", {})
    client = aws.client("dynamodb")
    guard.watch(client)
    put = {"Put": {"TableName": emulator.names["AccountsTable"], "Item": {}}}
    ask = guard.of("account_balance", lambda: client.transact_write_items(TransactItems=[put]))
    with pytest.raises(ClientError, match="account_balance may not dynamodb:PutItem on AccountsTable"):
        ask()


def test_a_message_is_hidden_until_its_function_is_surely_done() -> None:
    """AWS asks for six times the function's timeout; and each queue has somewhere to put what never works."""
    resources = template()["Resources"]
    consumed = 0
    for resource in resources.values():
        properties: dict[str, Any] = resource.get("Properties", {})
        for event in properties.get("Events", {}).values():
            if event["Type"] == "SQS":
                queue = resources[event["Properties"]["Queue"]["Fn::GetAtt"][0]]["Properties"]
                assert queue["VisibilityTimeout"] >= 6 * properties["Timeout"]
                assert queue["RedrivePolicy"]["maxReceiveCount"] >= 3
                consumed += 1
    assert consumed == 3
