"""What the template promises, asserted on the template itself: the emulator reads some of it back wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from pivotctl.local_stack import template
from tests.conftest import Tables

RESOURCES: dict[str, dict[str, Any]] = template()["Resources"]
TABLES = sorted(name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::DynamoDB::Table")
FUNCTIONS = sorted(name for name, r in RESOURCES.items() if r["Type"] == "AWS::Serverless::Function")


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_recoverable_encrypted_and_on_demand(table: str) -> None:
    """Every table can be restored to a point in time, is encrypted, and is paid by request.

    All but Live Debug's: a backup would keep what its time to live promises to forget.
    """
    properties = RESOURCES[table]["Properties"]
    recoverable = {"PointInTimeRecoveryEnabled": table != "ExchangesTable"}
    assert properties["PointInTimeRecoverySpecification"] == recoverable
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_have_a_role_of_their_own_and_kept_logs(function: str) -> None:
    """No function uses a managed policy or a wildcard action, and its logs expire."""
    properties = RESOURCES[function]["Properties"]
    for policy in properties["Policies"]:
        for statement in policy["Statement"]:
            for action in statement["Action"]:
                service, _, name = action.partition(":")
                assert service
                assert "*" not in name, f"{function} may do anything with {service}"
    log_group = RESOURCES[properties["LoggingConfig"]["LogGroup"]["Ref"]]
    assert log_group["Properties"]["RetentionInDays"]


def test_the_emulator_gets_every_table_of_the_template(emulator: Tables) -> None:
    """A test of one adapter works on the same tables as the deployment."""
    assert set(emulator.client("dynamodb").list_tables()["TableNames"]) >= set(TABLES)
