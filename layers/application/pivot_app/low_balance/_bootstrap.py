"""The sender of a deployed instance."""

from __future__ import annotations

from functools import cache

from kazoo_pivot import MisconfiguredError
from pivot_app import aws
from pivot_app.http_source import HttpClient
from pivot_app.ledger import DynamoDBLedger
from pivot_app.low_balance._sender import Endpoint, NoticeSender, parameter_name
from pivot_app.settings import settings


@cache
def deployed_sender() -> NoticeSender:
    """Return this instance's sender."""
    ledger = DynamoDBLedger(aws.client("dynamodb"), settings().accounts_table, budget_seconds=10)
    return NoticeSender(HttpClient(), _endpoint_of, ledger)


@cache
def _parameters() -> aws.Parameters:
    return aws.Parameters(lambda: aws.client("ssm"), settings().parameter_prefix)


def _endpoint_of(kazoo_account_id: str) -> Endpoint:
    name = parameter_name(settings().parameter_prefix, kazoo_account_id)
    text = _parameters().first(f"notices/{kazoo_account_id}")
    if text is None:
        raise MisconfiguredError(
            f"parameter {name} is missing: `pivot accounts notices` says where notices go"
        )
    return Endpoint.from_json(text, name)
