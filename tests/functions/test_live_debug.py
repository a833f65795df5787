"""The live_debug function: who is let in, by what is written in SSM, and what is written down of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.live_debug import app
from pivot_app import aws
from pivot_app.settings import settings
from pivot_app.tenants import TenantItem, TenantStore
from pivotctl.debug._access import Grants
from pivotctl.local_stack import function_environment
from tests.conftest import Tables
from tests.live_debug.conftest import account, dynamodb, make, put

__all__ = ["account", "dynamodb", "make", "put"]

ARN = "arn:aws:sts::111122223333:assumed-role/Operators/ada"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def grants(emulator: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grants]:
    """The function's environment, with grants nobody else has."""
    prefix = f"/pivot-lambda/{secrets.token_hex(4)}"
    for name, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIVOT_PARAMETER_PREFIX", prefix)
    settings.cache_clear()
    app._parameters.cache_clear()
    yield Grants(aws.client("ssm", complete=True), prefix)
    settings.cache_clear()
    app._parameters.cache_clear()


@pytest.fixture
def ask(grants: Grants) -> Ask:
    """Ask the function as API Gateway would for a signed request."""

    def ask(
        route: str, account: str = "", headers: dict[str, str] | None = None, **path: str
    ) -> tuple[int, Any]:
        event = {
            "routeKey": f"GET /debug/{route}",
            "headers": headers or {},
            "queryStringParameters": {"account": account} if account else {},
            "pathParameters": path,
            "requestContext": {"authorizer": {"iam": {"userArn": ARN}}, "domainName": "api.example.com"},
        }
        answered = app.handler(event, None)
        return answered["statusCode"], json.loads(answered["body"])

    return ask


def test_nobody_is_let_in_without_a_grant(ask: Ask, account: str) -> None:
    """A deployment without the parameter shows nothing to anyone."""
    assert ask("calls", account)[0] == 403


def test_what_is_granted_is_seen_and_written_down(
    ask: Ask, grants: Grants, account: str, make: Any, put: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The account's calls, and one line of who looked at them."""
    put(make("c"))
    grants.allow(ARN.replace("ada", "*"), [account])
    status, page = ask("calls")
    assert (status, [call["call_id"] for call in page["calls"]]) == (200, ["c"])
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["principal"], line["account"]) == ("AUDIT", ARN, account)
    assert ask("calls", "f" * 32)[0] == 403


def test_grants_that_are_not_understood_let_nobody_in(ask: Ask, grants: Grants, account: str) -> None:
    """A mistake in the parameter closes the door."""
    grants.ssm.put_parameter(Name=f"{grants.prefix}/debug-access", Value='{"*": "*"}', Type="SecureString")
    assert ask("calls", account)[0] == 403


def test_ssm_that_is_down_lets_nobody_in(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its grants the function answers 503, and asks again next time."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:9")
    assert ask("calls")[0] == 503
    monkeypatch.delenv("AWS_ENDPOINT_URL_SSM")
    assert ask("calls")[0] == 403


def test_an_accounts_shards_are_followed(ask: Ask, grants: Grants, account: str, make: Any, put: Any) -> None:
    """A list spread over four partition keys is read from all of them."""
    store = TenantStore(aws.client("dynamodb"), settings().tenants_table)
    store.put(TenantItem(account_id=account, settings={"debug": {"shards": 4}}))
    grants.allow(ARN, [account])
    put(*(make(f"call-{number}", number) for number in range(20)), shards=4)
    assert len(ask("calls")[1]["calls"]) == 20


def test_a_signed_request_may_say_where_the_callbacks_answer(
    ask: Ask, grants: Grants, account: str, make: Any, put: Any
) -> None:
    """The copied curl command goes where its reader can go."""
    grants.allow(ARN, [account])
    put(make("c"))
    _, call = ask("calls/{call_id}", headers={"x-live-debug-base-url": "http://127.0.0.1:1"}, call_id="c")
    assert "http://127.0.0.1:1/account_balance" in call["exchanges"][0]["as_curl"]
