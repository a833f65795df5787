"""Live Debug in a browser for people without AWS credentials: deployed with an OpenID Connect issuer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette

from pivot_app.live_debug.exchange import Exchange
from pivotctl.local_stack import Emulator, Stack
from tests.browser.identity_provider import CLIENT_ID, IdentityProvider

pytestmark = [pytest.mark.stack, pytest.mark.browser]

Make = Callable[..., Exchange]


@pytest.fixture(scope="module")
def provider(serve: Callable[[Starlette], int]) -> IdentityProvider:
    """The provider, at an address of its own."""
    provider = IdentityProvider()
    provider.issuer = f"http://127.0.0.1:{serve(provider.app())}"
    return provider


@pytest.fixture(scope="module")
def web(provider: IdentityProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The application deployed with that issuer."""
    emulator = Emulator.start(tmp_path_factory.mktemp("oidc") / "emulator.log")
    try:
        yield Stack.deploy(emulator, lambda _: None, OidcIssuer=provider.issuer, OidcAudience=CLIENT_ID)
    finally:
        emulator.stop()


@pytest.fixture(scope="module")
def base(web: Stack) -> str:
    """The address of the page's API, its function warm."""
    address = f"{web.emulator.url}/_aws/execute-api/{web.outputs['LiveDebugWebId']}/$default"
    for _ in range(5):
        with suppress(httpx.TimeoutException):
            httpx.get(f"{address}/debug", timeout=30)
            break
    return address


def test_a_person_signs_in_and_sees_their_account(
    page: Page, base: str, web: Stack, provider: IdentityProvider, account: str, make: Make
) -> None:
    """The page sends a person to the provider and back; they see the account of their token, and sign out."""
    started = int(time.time() * 1000) - 1_790_000_000_000
    web.emulator.client("dynamodb").put_item(
        TableName=web.outputs["ExchangesTable"], Item=make("hello", started).to_item(expires_at=4_000_000_000)
    )
    provider.claims = {"kazoo_accounts": [account]}
    page.goto(f"{base}/debug#outcome=answered")
    expect(page.locator("a.row")).to_contain_text("+14155550100", timeout=30_000)
    assert page.evaluate("location.search") == ""
    assert "outcome=answered" in page.url
    expect(page.locator("#account")).to_have_value(account)
    page.locator("a.row").click()
    expect(page.locator("#call .told")).to_contain_text("Hello from hello")
    page.get_by_role("button", name="Sign out").click()
    # Without its token the page asks the provider again, which lets them in again.
    expect(page.locator("a.row")).to_have_count(1, timeout=30_000)


def test_only_a_token_of_the_issuer_opens_a_view(base: str, provider: IdentityProvider, account: str) -> None:
    """No token, a forged one, another audience's, an expired one: refused by API Gateway."""
    provider.claims = {"kazoo_accounts": account}

    def calls(token: str | None, path: str = "calls") -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.get(f"{base}/debug/{path}", headers=headers, timeout=30)

    good = provider.token()
    head, claims, signature = good.split(".")
    assert calls(good).json()["account"] == account
    assert calls(None).status_code == 401
    assert calls(f"{head}.{claims}.{signature[:-8]}AAAAAAAA").status_code == 401
    assert calls(provider.token(aud="another")).status_code == 401
    assert calls(provider.token(iss="https://elsewhere.example.com")).status_code == 401
    assert calls(provider.token(exp=int(time.time()) - 60)).status_code == 401
    for path in ("access", "calls/x", "calls/x/session"):
        assert calls(None, path).status_code == 401


def test_a_token_sees_no_other_account(base: str, provider: IdentityProvider, account: str) -> None:
    """The accounts of the token are all there is, and without any there is nothing."""

    def calls(query: str, **claims: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {provider.token(**claims)}"}
        return httpx.get(f"{base}/debug/calls{query}", headers=headers, timeout=30)

    assert calls(f"?account={'f' * 32}", kazoo_accounts=account).status_code == 403
    provider.claims = {}
    assert calls("").status_code == 403
    assert calls(f"?account={account}").status_code == 403


def test_the_page_may_talk_to_nobody_but_the_provider(base: str, provider: IdentityProvider) -> None:
    """The policy names the provider's token address and nothing else outside."""
    answered = httpx.get(f"{base}/debug", timeout=30)
    policy = dict(
        part.strip().partition(" ")[::2] for part in answered.headers["content-security-policy"].split(";")
    )
    assert policy["connect-src"] == f"'self' {provider.issuer}"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    config = httpx.get(f"{base}/debug/page/config.json", timeout=30).json()
    assert config["sign_in"]["client_id"] == CLIENT_ID
    assert json.dumps(config).count("http") == 2
