"""The routes, from API Gateway's event to the answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from pivot_app.live_debug import ExchangeStore, Service, answer
from pivot_app.live_debug.exchange import Exchange

Make = Callable[..., Exchange]
Put = Callable[..., None]
Ask = Callable[..., dict[str, Any]]
ARN = "arn:aws:iam::000000000000:user/ada"


@pytest.fixture
def audited() -> list[dict[str, Any]]:
    """The audit lines."""
    return []


@pytest.fixture
def service(store: ExchangeStore, account: str, audited: list[dict[str, Any]]) -> Service:
    """The service, with one principal who sees the test's account."""
    return Service(
        store=store,
        grants=lambda: {ARN: [account]},
        shards=lambda _: 1,
        audit=audited.append,
        base_url="https://api.example.com",
    )


@pytest.fixture
def ask(service: Service) -> Ask:
    """Ask a route as that principal."""

    def ask(
        route: str, query: dict[str, str] | None = None, *, arn: str = ARN, **path: str
    ) -> dict[str, Any]:
        event = {
            "routeKey": route,
            "queryStringParameters": query or {},
            "pathParameters": path,
            "requestContext": {"authorizer": {"iam": {"userArn": arn}}, "http": {"sourceIp": "192.0.2.7"}},
        }
        answered = answer(event, service)
        if answered["headers"]["content-type"] == "application/json":
            answered["json"] = json.loads(answered["body"])
        return answered

    return ask


def test_the_list(ask: Ask, account: str, make: Make, put: Put) -> None:
    """A page of calls, and a cursor to the next."""
    put(*(make(f"call-{number}", number) for number in range(3)))
    first = ask("GET /debug/calls", {"limit": "2"})
    assert [call["call_id"] for call in first["json"]["calls"]] == ["call-2", "call-1"]
    second = ask("GET /debug/calls", {"limit": "2", "cursor": first["json"]["next"]})
    assert [call["call_id"] for call in second["json"]["calls"]] == ["call-0"]
    assert second["json"]["next"] is None
    assert first["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize("call_id", ["plain@10.0.0.1", "a/b?c#d%2F", "~tilde", "\N{SNOWMAN}"])
def test_a_call_by_any_call_id(ask: Ask, make: Make, put: Put, call_id: str) -> None:
    """A Call-ID is opaque: its base64url form survives any path."""
    put(make(call_id))
    encoded = "~" + base64.urlsafe_b64encode(call_id.encode()).decode().rstrip("=")
    assert ask("GET /debug/calls/{call_id}", call_id=encoded)["json"]["call_id"] == call_id
    session = ask("GET /debug/calls/{call_id}/session", call_id=encoded)
    assert session["headers"]["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("route", "query", "path", "status", "words"),
    [
        ("GET /debug/calls", {"limit": "0"}, {}, 400, "limit"),
        ("GET /debug/calls", {"outcome": "odd"}, {}, 400, "outcome"),
        ("GET /debug/calls", {"cursor": "x"}, {}, 400, "cursor"),
        ("GET /debug/calls", {"account": "f" * 32}, {}, 403, "you have no access"),
        ("GET /debug/calls/{call_id}", {}, {"call_id": "never"}, 404, "no call never"),
        ("GET /debug/calls/{call_id}", {}, {"call_id": "~!"}, 400, "call_id"),
        ("GET /debug/elsewhere", {}, {}, 404, "nothing here"),
    ],
)
def test_what_goes_wrong_is_said(
    ask: Ask, route: str, query: dict[str, str], path: dict[str, str], status: int, words: str
) -> None:
    """A request that cannot be honoured gets a status and a sentence."""
    answered = ask(route, query, **path)
    assert answered["statusCode"] == status
    assert words in answered["json"]["error"]["message"]


def test_every_view_is_audited(
    ask: Ask, account: str, make: Make, put: Put, audited: list[dict[str, Any]]
) -> None:
    """Who looked at what is written down, refused views too."""
    put(make("c"))
    ask(
        "GET /debug/calls",
        {"text": "ada", "caller": "+1 415 555 0123", "token": "v1.x", "from": "1767225600000"},
    )
    ask("GET /debug/calls/{call_id}", call_id="c")
    ask("GET /debug/calls/{call_id}/session", call_id="c")
    ask("GET /debug/calls", {"account": "f" * 32})
    ask("GET /debug/calls", arn="arn:aws:iam::000000000000:user/eve")
    seen = [(line["view"], line["principal"].rpartition("/")[2], line.get("account")) for line in audited]
    assert seen == [
        ("GET /debug/calls", "ada", account),
        ("GET /debug/calls/{call_id}", "ada", account),
        ("GET /debug/calls/{call_id}/session", "ada", account),
        ("GET /debug/calls", "ada", None),
        ("GET /debug/calls", "eve", None),
    ]
    # Neither a number that was searched for, nor a name that is none of ours and may hold a secret.
    assert audited[0]["query"] == {"text": "ada", "caller": "+* *** *** *123", "from": "1767225600000"}
    assert audited[1]["call_id"] == "c"
    assert all(line["source_ip"] == "192.0.2.7" for line in audited)
    assert ["refused" in line for line in audited] == [False, False, False, True, True]


def test_a_store_that_is_down_is_a_503(ask: Ask, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows that nothing answers, and asks again."""

    def down(**_: Any) -> None:
        raise ConnectTimeoutError(endpoint_url="https://dynamodb.example.com")

    monkeypatch.setattr(service.store._client, "query", down)
    assert ask("GET /debug/calls")["statusCode"] == 503


@pytest.mark.parametrize("name", ["app.js", "debug.css", "icon.svg"])
def test_the_page_is_served_with_a_strict_policy(ask: Ask, name: str) -> None:
    """Every file says what a browser may do with it: nothing from elsewhere, nothing inline."""
    answered = ask("GET /debug/page/{file}", file=name)
    assert answered["statusCode"] == 200
    policy = answered["headers"]["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["../_page.py", "__init__.py", "", ".", "app.js/.."])
def test_nothing_but_the_page_is_served(ask: Ask, name: str) -> None:
    """A file's name is one of the page's or nothing."""
    assert ask("GET /debug/page/{file}", file=name)["statusCode"] == 404
