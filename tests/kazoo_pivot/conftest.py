"""A deployment in a private AWS, and a KAZOO that asks its callbacks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from moto import mock_aws

from pivot_app import aws
from pivot_app.settings import settings
from pivotctl.events import event_v2
from pivotctl.tokens import TenantAdmin

ACCOUNT = "c0705d7474ea0160c10a351b2544006b"
PUBLIC_URL = "https://pivot.example.test"
TABLES = {"CALL_STATE_TABLE": "call-state", "EXCHANGES_TABLE": "exchanges", "TENANTS_TABLE": "tenants"}
PREFIX = "/pivot-lambda/dev"


class Context:
    """A Lambda context with a certain time left."""

    aws_request_id = "7f3d6a52-0d7c-4a5b-9a0e-0e6f3f0a7c11"

    def __init__(self, remaining_ms: int = 4000) -> None:
        self.remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        """What the runtime says."""
        return self.remaining_ms


@dataclass
class Deployment:
    """One KAZOO account let in, its token, and what is stored."""

    tenants: TenantAdmin
    token: str
    sent: list[str] = field(default_factory=list)

    def event(
        self,
        path: str = "/first",
        *,
        query: Mapping[str, str] | None = None,
        token: str | None = None,
        **given: Any,
    ) -> dict[str, Any]:
        """A POST of KAZOO; parameters by name, `Call_ID` for `Call-ID`."""
        parameters = {
            "Account-ID": ACCOUNT,
            "Call-ID": "call-1@example.com",
            "Caller-ID-Number": "+14155550100",
            "Caller-ID-Name": "Alice Example",
            "Language": "en-us",
            "Request": "+14155550199",
            **{name.replace("_", "-"): value for name, value in given.items()},
        }
        own = {**(query or {}), "token": self.token if token is None else token}
        return event_v2(
            "POST",
            path,
            query_string=urlencode({name: value for name, value in own.items() if value}),
            headers={"Content-Type": "application/json"},
            body=json.dumps(parameters),
        )

    def follow(self, answer: Mapping[str, Any], **given: Any) -> dict[str, Any]:
        """The request of the pivot node in an answer, as KAZOO makes it."""
        url = urlsplit(pivot_data(answer)["voice_url"])
        event = self.event(url.path, token="", **given)
        headers = {k.lower(): v for k, v in pivot_data(answer).get("custom_request_headers", {}).items()}
        event["headers"] |= headers
        return event | {"rawQueryString": url.query}

    def states(self) -> list[dict[str, Any]]:
        """The items of the table of call states."""
        items = aws.client("dynamodb").scan(TableName=TABLES["CALL_STATE_TABLE"])["Items"]
        return [aws.from_item(item) for item in items]

    def cavs(self) -> dict[str, Any]:
        """The CAVs of all calls."""
        items = [item.items() for item in self.states()]
        return {
            name.partition("#cav#")[2]: value for item in items for name, value in item if "#cav#" in name
        }


def pivot_data(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the pivot node on the wildcard chain of an answer."""
    node = json.loads(answer["body"])
    while node["module"] != "pivot":
        node = node["children"]["_"]
    data: dict[str, Any] = node["data"]
    return data


def spoken(answer: Mapping[str, Any]) -> str:
    """What the first node of an answer says; the answer must be one that KAZOO runs."""
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "application/json"
    assert set(answer["headers"]) <= {"Content-Type", "X-Pivot-Fallback"}
    assert answer["isBase64Encoded"] is False
    text: str = json.loads(answer["body"])["data"]["text"]
    return text


@pytest.fixture
def private_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An AWS of this process, with the tables and no parameters."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("PIVOT_PUBLIC_URL", PUBLIC_URL)
    monkeypatch.setenv("PIVOT_PARAMETER_PREFIX", "/pivot-lambda/dev")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "PivotLambda")
    for name, table in TABLES.items():
        monkeypatch.setenv(name, table)
    settings.cache_clear()
    with mock_aws():
        dynamodb = aws.client("dynamodb")
        for table, keys in (("call-state", ["pk"]), ("tenants", ["pk"]), ("exchanges", ["pk", "sk"])):
            dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                KeySchema=[
                    {"AttributeName": key, "KeyType": kind}
                    for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
                ],
            )
        yield
    settings.cache_clear()


@pytest.fixture
def deployment(private_aws: None) -> Deployment:
    """A deployment that knows one account of KAZOO 4.3."""
    return Deployment(*let_in())


def let_in(**settings: Any) -> tuple[TenantAdmin, str]:
    """The tenants of the private AWS, with one of KAZOO 4.3, and its pivot token."""
    tenants = TenantAdmin.at(lambda service: aws.client(service, complete=True), "tenants", PREFIX)
    return tenants, tenants.create(ACCOUNT, {"kazoo_version": "4.3", **settings}).pivot
