"""What would only show on AWS: permissions, and a queue's times."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from pivot_app import aws
from pivot_app.aws import clients
from pivotctl.local_stack import template
from tests.conftest import Tables
from tests.permissions import Guard, Request, is_allowed


@pytest.mark.parametrize(
    ("function", "action", "resource"),
    [
        ("account_balance", "dynamodb:PutItem", "AccountsTable"),
        ("call_ended", "dynamodb:GetItem", "AccountsTable"),
        ("menu", "ssm:PutParameter", "parameter/pivot-lambda/local/keys/state"),
        ("menu", "ssm:GetParameters", "parameter/pivot-lambda/other/keys/state"),
        ("menu", "ssm:GetParameters", "parameter/pivot-lambda/local/webhook/1"),
        ("menu", "ssm:GetParameters", "parameter/pivot-lambda/local/crossbar/1"),
        ("balance_gate", "ssm:GetParameters", "parameter/pivot-lambda/local/balance/1/billing"),
        ("call_ended", "ssm:GetParameters", "parameter/pivot-lambda/local/crossbar/1"),
        ("control_call", "ssm:GetParameters", "parameter/pivot-lambda/local/keys/state"),
        ("live_debug", "ssm:GetParameters", "parameter/pivot-lambda/local/keys/tokens"),
        ("account_balance", "dynamodb:PutItem", "TenantsTable"),
        ("call_ended", "dynamodb:UpdateItem", "TenantsTable"),
        ("call_ended", "dynamodb:UpdateItem", "CallStateTable"),
        ("sweep_holds", "dynamodb:Scan", "AccountsTable"),
        ("compare_cdrs", "dynamodb:Scan", "AccountsTable"),
        ("compare_cdrs", "ssm:GetParameters", "parameter/pivot-lambda/local/keys/state"),
    ],
)
def test_a_function_may_do_only_what_it_needs(function: str, action: str, resource: str) -> None:
    """Nothing is allowed that a policy does not name: another action, another table, another stage."""
    assert not is_allowed(function, action, resource)


@pytest.mark.parametrize(
    ("function", "operation", "table", "leading", "attributes", "may"),
    [
        ("balance_gate", "UpdateItem", "AccountsTable", "a#1", {"held_micros", "holds"}, True),
        ("balance_gate", "UpdateItem", "AccountsTable", "a#1", {"held_micros", "credited_micros"}, False),
        (
            "balance_gate",
            "PutItem",
            "AccountsTable",
            "a#1",
            {"pk", "sk", "profile", "credited_micros"},
            False,
        ),
        ("settle_call", "UpdateItem", "AccountsTable", "a#1", {"spent_micros", "profile"}, False),
        ("sweep_holds", "UpdateItem", "AccountsTable", "a#1", {"currency"}, False),
        ("compare_cdrs", "UpdateItem", "AccountsTable", "a#1", {"spent_micros", "holds"}, True),
        ("compare_cdrs", "UpdateItem", "AccountsTable", "a#1", {"credited_micros"}, False),
        ("send_notice", "UpdateItem", "AccountsTable", "a#1", {"credited_micros"}, True),
        ("balance_gate", "UpdateItem", "CallStateTable", "a#call#c", {"expires_at"}, True),
        ("balance_gate", "UpdateItem", "CallStateTable", "a#pin#1001", {"failures"}, False),
        ("balance_gate", "GetItem", "CallStateTable", "a#call#c", set(), False),
        ("identify_caller", "UpdateItem", "CallStateTable", "a#pin#1001", {"failures"}, True),
        ("settle_call", "UpdateItem", "CallStateTable", "a#pin#1001", {"failures"}, False),
    ],
)
def test_keys_and_attributes_are_limited_too(
    function: str, operation: str, table: str, leading: str, attributes: set[str], may: bool
) -> None:
    """Nothing that a call causes gives credit or changes a profile, and few may count PINs."""
    action = f"dynamodb:{operation}"
    context = {
        "dynamodb:LeadingKeys": frozenset({leading}),
        "dynamodb:Attributes": frozenset(attributes),
        "dynamodb:ReturnValues": frozenset(),
    }
    assert is_allowed(function, action, table, Request(action, table, context)) is may


def test_the_guard_reads_requests_as_aws_does(emulator: Tables) -> None:
    """Names behind placeholders, nested paths, functions and words of expressions."""
    names = {"#0": "n#step", "#h": "h1", "#p": "profile"}
    update = {
        "Key": {"pk": {"S": "a#call#c"}},
        "UpdateExpression": "SET #0 = :0, holds.#h = :1, #p.x = if_not_exists(y, :2) REMOVE z[0].w ADD n :3",
        "ConditionExpression": "attribute_not_exists(#0) AND (spent_micros <= :1 OR size(q) > :2)",
        "ExpressionAttributeNames": names,
    }
    (request,) = Guard(emulator.names)._needed(
        "menu", "dynamodb", "UpdateItem", update | {"TableName": emulator.names["AccountsTable"]}
    )
    assert request.context["dynamodb:Attributes"] == {
        *("pk", "n#step", "holds", "profile", "y", "z", "n", "spent_micros", "q")
    }
    assert request.context["dynamodb:LeadingKeys"] == {"a#call#c"}


def test_a_missing_permission_fails_here_and_not_on_aws(
    emulator: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction needs the permission of each of its writes."""
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
    assert consumed == 4
