"""The debug API of the deployed stack is closed to everyone who was not let in by name."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from botocore.credentials import Credentials

from pivotctl.debug._access import Grants
from pivotctl.debug._deployed import Deployment, DeploymentError
from pivotctl.local_stack import Stack
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, PARAMETER_PREFIX

pytestmark = pytest.mark.stack


def get(deployment: Deployment, path: str, query: Mapping[str, str]) -> httpx.Response:
    """One signed request."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(timeout=30) as client:
            return await deployment.get(client, path, query)

    # A thread of its own: Playwright's loop may be running in this one.
    with ThreadPoolExecutor() as pool:
        return pool.submit(asyncio.run, ask()).result()


def test_nothing_is_open(stack: Stack) -> None:
    """Without a signature every route is refused, and the page is not there at all."""
    for path in ("access", "calls", "calls/x", "calls/x/session"):
        assert httpx.get(f"{stack.url}/debug/{path}", timeout=30).status_code == 403
    assert httpx.get(f"{stack.url}/debug", timeout=30).status_code == 404


def test_a_principal_sees_what_is_granted_and_nothing_else(stack: Stack) -> None:
    """An IAM user is shown nothing, then the account granted to it, and never another."""
    iam = stack.emulator.client("iam")
    name = f"eve-{secrets.token_hex(3)}"
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    key = iam.create_access_key(UserName=name)["AccessKey"]
    eve = Deployment(stack.url, "us-east-1", Credentials(key["AccessKeyId"], key["SecretAccessKey"]))
    refused = get(eve, "/debug/calls", {"account": KAZOO_ACCOUNT})
    assert refused.status_code == 403
    assert "no access to any KAZOO account" in refused.text
    assert get(eve, "/debug/access", {}).json() == {"principal": arn, "accounts": [], "hint": ""}

    grants = Grants(stack.emulator.client("ssm"), PARAMETER_PREFIX)
    assert "arn:aws:iam::000000000000:root" in grants.allow(arn, ["f" * 32])
    # The function knows the grants for up to a minute; another one, of another process, reads them again.
    assert grants.read()[arn] == ["f" * 32]
    grants.revoke(arn)
    assert arn not in grants.read()


def test_a_deployment_is_found_by_its_stack(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pivot debug --stage NAME` reads the API's address from the stack, or says what is wrong."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.emulator.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    found = Deployment.of_stack("pivot-lambda-local", None, "us-east-1")
    assert found.url == stack.outputs["ApiUrl"]
    assert found.credentials.access_key == "test"
    with pytest.raises(DeploymentError, match="nowhere"):
        Deployment.of_stack("nowhere", None, "us-east-1")
    with pytest.raises(DeploymentError, match="nobody"):
        Deployment.of_stack("pivot-lambda-local", "nobody", "us-east-1")
