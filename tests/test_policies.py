"""Every IAM policy of template.yaml against AWS's own list of actions, resources and conditions.

A misspelt action grants nothing. The same is true of a resource or a condition that the action lacks.
CloudFormation takes all of them, and a caller hears the fallback. `policy_sentry` brings the list, so no
request is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from policy_sentry.querying.actions import get_action_data

from pivotctl.local_stack import template
from pivotctl.local_stack._tables import made

# ARNs of what the template makes, as `!GetAtt X.Arn` gives them.
ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:eu-central-1:123456789012:table/{}",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-central-1:123456789012:{}",
}
# Commands ask these before they know a name, or the action has no resource.
OF_NO_RESOURCE = {
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "lambda:GetAccountSettings",
    "logs:DescribeLogGroups",
    "logs:GetQueryResults",
    "sts:GetCallerIdentity",
}


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of the template's policies, with the resource it belongs to."""
    for logical_id, resource in template()["Resources"].items():
        properties = resource.get("Properties", {})
        documents = properties.get("Policies", []) if "Function" in resource["Type"] else []
        if resource["Type"] in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
            documents = [properties["PolicyDocument"]]
        for document in documents:
            assert isinstance(document, dict), f"{logical_id}: write policies out, by their statements"
            for statement in document["Statement"]:
                yield logical_id, statement


STATEMENTS = list(statements())
IDS = [f"{logical_id}-{number}" for number, (logical_id, _) in enumerate(STATEMENTS)]


@cache
def known(action: str) -> tuple[dict[str, Any], ...]:
    """AWS's data on an action, for each kind of resource; empty if the action does not exist."""
    service, _, name = action.partition(":")
    found = get_action_data(service, name)
    return tuple(found[service]) if found else ()


def as_list(value: Any) -> list[Any]:
    """A statement takes one value or a list of them."""
    return value if isinstance(value, list) else [value]


def arn(resource: Any) -> str:
    """An ARN as the policy has it once it is deployed."""
    resource = made(resource)
    if resource == "*":
        return "*"
    if resource == {"Ref": "AWS::StackId"}:
        return "arn:aws:cloudformation:eu-central-1:123456789012:stack/pivot-lambda-prod/1"
    if "Fn::GetAtt" in resource:
        logical_id = resource["Fn::GetAtt"][0]
        return ARNS[template()["Resources"][logical_id]["Type"]].format(logical_id)
    text = re.sub(
        r"\$\{(\w+)\.Arn\}", lambda made_here: arn({"Fn::GetAtt": [made_here[1]]}), resource["Fn::Sub"]
    )
    return re.sub(r"\$\{[\w:]+\}", "x", text)


def fits(resource: str, form: str) -> bool:
    """Whether an ARN, with its stars, has a form such as `arn:${Partition}:sqs:${Region}:${Name}`."""
    parts = [re.escape(part) for part in re.split(r"\$\{\w+\}", form)]
    return re.fullmatch(".*".join(parts), resource) is not None


@pytest.mark.parametrize(("where", "statement"), STATEMENTS, ids=IDS)
def test_a_statement_grants_what_it_says(where: str, statement: dict[str, Any]) -> None:
    """Its actions exist, know its resources, and know its conditions."""
    actions = as_list(statement["Action"])
    resources = [arn(each) for each in as_list(statement["Resource"])]
    for action in actions:
        assert known(action), f"{where}: there is no action {action}"
        forms = {each["resource_arn_format"] for each in known(action)}
        if resources == ["*"]:
            assert action in OF_NO_RESOURCE, f"{where}: {action} on every resource of the AWS account"
            continue
        for resource in resources:
            assert any(fits(resource, form) for form in forms - {"*"}), f"{where}: {action} on {resource}"
        for tested in statement.get("Condition", {}).values():
            keys = {key for each in known(action) for key in each["condition_keys"]}
            assert set(tested) <= keys, f"{where}: {action} does not know {set(tested) - keys}"


def test_no_action_is_a_pattern() -> None:
    """What a function may do is written out, action by action."""
    assert STATEMENTS
    assert not [action for _, each in STATEMENTS for action in as_list(each["Action"]) if "*" in action]
    assert all(statement["Effect"] in ("Allow", "Deny") for _, statement in STATEMENTS)


@pytest.mark.parametrize(
    ("action", "resource"),
    [("dynamodb:GetItems", ""), ("ssm:GetParameter", "arn:aws:sqs:x:x:q"), ("sqs:SendMessage", "*")],
)
def test_a_mistake_would_be_found(action: str, resource: str) -> None:
    """The list knows what is not there."""
    forms = {each["resource_arn_format"] for each in known(action)}
    assert not any(fits(resource, form) for form in forms - {"*"}) or resource == "*"
