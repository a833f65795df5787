"""Live Debug in a browser for people without AWS credentials: deployed with an OpenID Connect issuer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from pivot_app.live_debug.exchange import Exchange
from pivotctl.debug._access import Grants
from pivotctl.deployment import parameter_prefix
from pivotctl.local_stack import Emulator, Stack
from tests.browser.identity_provider import AUDIENCE, CLIENT_ID, IdentityProvider

pytestmark = [pytest.mark.stack, pytest.mark.browser]

Make = Callable[..., Exchange]
CLAIM = "https://example.com/kazoo"


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    """The provider, in a process of its own."""
    provider = IdentityProvider.start()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: IdentityProvider) -> IdentityProvider:
    """The provider, which says nothing yet."""
    running.says()
    return running


@pytest.fixture(scope="module")
def web(running: IdentityProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The application deployed with that issuer."""
    emulator = Emulator.start(tmp_path_factory.mktemp("oidc") / "emulator.log")
    try:
        yield Stack.deploy(
            emulator,
            lambda _: None,
            OidcIssuer=running.issuer,
            OidcAudience=AUDIENCE,
            OidcClientId=CLIENT_ID,
            OidcAccountsClaim="https://example.com/kazoo",
            OidcRolesClaim="groups",
        )
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
    provider.says({CLAIM: [account]}, {CLAIM: ["*"]})
    page.goto(f"{base}/debug#outcome=answered")
    expect(page.locator("a.row")).to_contain_text("+14155550100", timeout=30_000)
    assert page.evaluate("location.search") == ""
    assert "outcome=answered" in page.url
    expect(page.locator("#account")).to_have_value(account)
    page.locator("a.row").click()
    expect(page.locator("#call .told")).to_contain_text("Hello from hello")
    asked = provider.asked()
    assert (asked["audience"], asked["client_id"], asked["scope"]) == (AUDIENCE, CLIENT_ID, "openid")
    assert len(asked["nonce"]) == 43
    page.get_by_role("button", name="Sign out").click()
    # Without its token the page asks the provider again, which lets them in again.
    expect(page.locator("a.row")).to_have_count(1, timeout=30_000)


def test_only_a_token_of_the_issuer_opens_a_view(base: str, provider: IdentityProvider, account: str) -> None:
    """No token, a forged one, another audience's, an expired one: refused by API Gateway."""
    provider.says({CLAIM: account})

    def calls(token: str | None, path: str = "calls") -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.get(f"{base}/debug/{path}", headers=headers, timeout=30)

    good = provider.token()
    head, claims, signature = good.split(".")
    assert calls(good).json()["account"] == account
    assert calls(None).status_code == 401
    assert calls(f"{head}.{claims}.{signature[:-8]}AAAAAAAA").status_code == 401
    assert calls(provider.token(aud="another")).status_code == 401
    assert calls(provider.token(aud=CLIENT_ID)).status_code == 401
    id_token = calls(provider.token(nonce="n"))
    assert (id_token.status_code, "access token" in id_token.text) == (403, True)
    assert calls(provider.token(iss="https://elsewhere.example.com")).status_code == 401
    assert calls(provider.token(exp=int(time.time()) - 60)).status_code == 401
    for path in ("access", "calls/x", "calls/x/session"):
        assert calls(None, path).status_code == 401


def test_a_token_sees_no_other_account(base: str, provider: IdentityProvider, account: str) -> None:
    """The accounts of the token are all there is, and without any there is nothing."""

    def calls(query: str, **claims: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {provider.token(**claims)}"}
        return httpx.get(f"{base}/debug/calls{query}", headers=headers, timeout=30)

    assert calls(f"?account={account}", **{CLAIM: account}).status_code == 200
    assert calls(f"?account={'f' * 32}", **{CLAIM: account}).status_code == 403
    assert calls("").status_code == 403
    assert calls(f"?account={account}").status_code == 403
    assert calls(f"?account={account}", kazoo_accounts=account).status_code == 403
    for claim in ("Acme * Ltd", "x *", ["Acme * Ltd"], [account, "*"]):
        refused = calls(f"?account={account}", **{CLAIM: claim})
        assert (refused.status_code, "opens nothing" in refused.text) == (403, True)


def test_a_role_opens_what_it_is_granted(
    base: str, provider: IdentityProvider, web: Stack, account: str
) -> None:
    """`pivot debug-access allow role:NAME` opens an account to that role and to none that sounds like it."""
    Grants(web.emulator.client("ssm"), parameter_prefix("local")).allow("role:support", [account])

    def status(roles: list[str]) -> int:
        headers = {"authorization": f"Bearer {provider.token(groups=roles)}"}
        return httpx.get(f"{base}/debug/calls?account={account}", headers=headers, timeout=30).status_code

    deadline = time.monotonic() + 90
    while (seen := status(["support", "other"])) == 403 and time.monotonic() < deadline:
        time.sleep(2)
    assert seen == 200
    for roles in (["the support team"], ["Support"], ["supporters"], []):
        assert status(roles) == 403


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"nonce": "another"}, "answers another sign-in"),
        ({"nonce": None}, "answers another sign-in"),
        ({"aud": "another"}, "another client's"),
        ({"iss": "https://elsewhere.example.com"}, "another issuer's"),
        ({"exp": 1}, "has expired"),
    ],
)
def test_an_answer_to_another_sign_in_is_refused(
    page: Page, base: str, provider: IdentityProvider, account: str, fault: dict[str, Any], words: str
) -> None:
    """The page keeps no token whose ID token is not the answer to its own question."""
    provider.says({CLAIM: account}, fault)
    page.goto(f"{base}/debug")
    expect(page.locator("#problem")).to_contain_text(words, timeout=30_000)
    assert page.evaluate("sessionStorage.length") == 0
    provider.says({CLAIM: account})
    page.get_by_role("button", name="Sign in again").click()
    expect(page.locator("#account")).to_have_value(account, timeout=30_000)
    expect(page.locator("#problem")).to_be_hidden()


def test_a_token_that_is_not_taken_is_not_asked_for_in_circles(
    browser: Browser, base: str, provider: IdentityProvider, account: str
) -> None:
    """An issuer that was set up with another audience: one sign-in, the reason, and a button for the next."""
    provider.says({CLAIM: account, "aud": "another"})
    page = browser.new_page()
    page.goto(f"{base}/debug")
    expect(page.locator("#problem")).to_contain_text("does not accept", timeout=30_000)
    provider.says({CLAIM: account})
    page.get_by_role("button", name="Sign in again").click()
    expect(page.locator("#account")).to_have_value(account, timeout=30_000)
    page.close()


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
    assert json.dumps(config).count("http") == 3
