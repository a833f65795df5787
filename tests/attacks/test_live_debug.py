"""Live Debug's API, as strangers and as people with too little in their token meet it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.attacks.attacker import Victim, client_of, send

pytestmark = pytest.mark.stack

ROUTES = (
    "access",
    "calls",
    "calls/x",
    "calls/x/session",
    "calls/~eA",
    "kazoo/x",
    "page/config.json",
    "../debug/calls",
)


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_is_open_without_a_signature(victim: Victim, route: str) -> None:
    """No token of a callback, no bearer token and no header opens it."""
    for headers in (
        {},
        {"authorization": "Bearer x.y.z"},
        {"authorization": f"Bearer {victim.token}"},
        {"x-pivot-token": victim.token},
        {"x-amz-date": "20260101T000000Z"},
    ):
        query = f"?{victim.with_token(account=victim.account)}"
        answer = send(victim.stack.url, "GET", f"/debug/{route}{query}", headers=headers)
        assert answer.status in (401, 403, 404), (route, headers, answer)


def seen(victim: Victim, claims: dict[str, Any]) -> tuple[int, str]:
    """What the deployed function answers whom API Gateway let in with these claims."""
    client = client_of(victim.stack, "lambda")
    (name,) = [
        each["FunctionName"]
        for page in client.get_paginator("list_functions").paginate()
        for each in page["Functions"]
        if "LiveDebugFunction" in each["FunctionName"]
    ]
    event = {
        "version": "2.0",
        "routeKey": "GET /debug/calls",
        "rawPath": "/debug/calls",
        "queryStringParameters": {"account": victim.account},
        "headers": {},
        "requestContext": {"authorizer": {"jwt": {"claims": claims}}, "http": {"method": "GET"}},
    }
    answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    document = json.load(io.TextIOWrapper(answer["Payload"]))
    return document["statusCode"], document.get("body", "")


@pytest.mark.parametrize(
    "claim",
    ["Acme * Ltd", "x *", "* x", "*,x", "**", "[Acme * Ltd]", "[*, x]", "* *", "\t*", "*\n", ".*", "%", "",
     " ", None, True,
     {"*": 1}, ["Acme * Ltd"], ["*", "x"], [["*"]], "{v}x", "x{v}", "{V}", "{v};", "{v}|*", "{v}\n*", "＊"],
    ids=ascii,
)  # fmt: skip
def test_a_star_in_a_claim_opens_nothing(victim: Victim, claim: Any) -> None:
    """Every other value that is not exactly a list of accounts grants nothing."""
    if isinstance(claim, str):
        claim = claim.replace("{v}", victim.account).replace("{V}", victim.account.upper())
    status, body = seen(victim, {"sub": "u", "kazoo_accounts": claim})
    assert status == 403, body


def test_an_account_in_a_claim_opens_itself(victim: Victim, neighbour: Victim) -> None:
    """What the refusals are compared with."""
    assert seen(victim, {"sub": "u", "kazoo_accounts": f"{victim.account} {neighbour.account}"})[0] == 200
    assert seen(victim, {"sub": "u", "kazoo_accounts": neighbour.account})[0] == 403
    assert seen(victim, {"sub": "u", "kazoo_accounts": "*"})[0] == 200
    assert seen(victim, {"kazoo_accounts": "*"})[0] == 403
    assert seen(victim, {"sub": "u", "kazoo_accounts": "*", "nonce": "n"})[0] == 403
