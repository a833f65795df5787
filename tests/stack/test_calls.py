"""Calls over real HTTP against the deployed stack."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

import kazoo_callflow as callflow
from pivotctl.demo import SCENES, Scene
from pivotctl.local_stack import Stack
from pivotctl.local_stack.demo_data import ADA, KAZOO_ACCOUNT, TOKEN

pytestmark = pytest.mark.stack

PARAMETERS = {"Account-ID": KAZOO_ACCOUNT, "Call-ID": "http-1", "Caller-ID-Number": ADA, "Request": "2000"}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.play.__name__)
def test_the_demo_goes_as_it_should(stack: Stack, scene: Scene) -> None:
    """What `make demo` shows a stranger holds."""
    scene.played_on(stack)


def ask(
    stack: Stack, method: str, query: str, body: bytes = b"", content_type: str = ""
) -> tuple[int, Any, str]:
    """One request exactly as written: no client re-encodes the brackets."""
    address = urlsplit(stack.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    headers = {"content-type": content_type} if content_type else {}
    connection.request(method, f"{address.path}/account_balance?{query}", body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text), answer.headers["content-type"]


@pytest.mark.parametrize("form", ["get", "get with brackets", "form", "json"])
def test_every_way_kazoo_asks_is_answered(stack: Stack, form: str) -> None:
    """GET query, raw brackets in it, POST form and POST JSON give the same flow, exactly 200 and JSON."""
    token = urlencode({"token": TOKEN})
    requests = {
        "get": ("GET", f"{token}&&&{urlencode(PARAMETERS)}", b"", ""),
        "get with brackets": ("GET", f"{token}&Digits[default]=1&&{urlencode(PARAMETERS)}", b"", ""),
        "form": ("POST", token, f"&&{urlencode(PARAMETERS)}".encode(), "application/x-www-form-urlencoded"),
        "json": ("POST", token, json.dumps(PARAMETERS).encode(), "application/json"),
    }
    status, flow, content_type = ask(stack, *requests[form])
    assert (status, content_type) == (200, "application/json")
    assert flow["module"] == "tts"
    assert "twelve dollars" in flow["data"]["text"]
    assert callflow.validate(flow, kazoo="4.3") == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{not json", "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"[]", "application/json"),
        (json.dumps(PARAMETERS | {"Call-ID": ""}).encode(), "application/json"),
        (json.dumps({"Account-ID": KAZOO_ACCOUNT}).encode(), "application/json"),
        (json.dumps(PARAMETERS | {"Caller-ID-Name": "x" * 100_000}).encode(), "application/json"),
    ],
    ids=["broken JSON", "not UTF-8", "a list", "empty Call-ID", "no Call-ID", "over-long name"],
)
def test_a_malformed_request_is_apologised_for_or_refused(
    stack: Stack, body: bytes, content_type: str
) -> None:
    """A valid flow where the account can be told and its token is right, 403 where it cannot."""
    status, answer, answered_type = ask(stack, "POST", urlencode({"token": TOKEN}), body, content_type)
    assert answered_type == "application/json"
    if status == 200:
        assert callflow.validate(answer, kazoo="4.3") == []
    else:
        assert (status, answer) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("query", ["", "token=", "token=wrong", f"token={TOKEN}x"])
def test_no_valid_token_no_answer(stack: Stack, query: str) -> None:
    """Closed by default."""
    status, answer, _ = ask(stack, "POST", query, json.dumps(PARAMETERS).encode(), "application/json")
    assert (status, answer) == (403, {"message": "Forbidden"})


def test_a_token_opens_its_own_account_only(stack: Stack) -> None:
    """Another KAZOO account's id with our token is refused."""
    body = json.dumps(PARAMETERS | {"Account-ID": "0" * 32}).encode()
    assert ask(stack, "POST", urlencode({"token": TOKEN}), body, "application/json")[0] == 403


def test_the_readme_shows_the_stack_it_deploys() -> None:
    """Each deployed environment the README names is in samconfig.toml."""
    root = Path(__file__).resolve().parents[2]
    assert "[dev.deploy.parameters]" in (root / "samconfig.toml").read_text()
    assert "--config-env dev" in (root / "README.md").read_text()
