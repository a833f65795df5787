"""A played call through a deployment: the proof that it answers, made with a KAZOO account of its own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from kazoo_simulator import CallMismatchError, Http, Simulator
from pivotctl.deploy._changes import DeployError
from pivotctl.tokens import TenantAdmin

PATH = "/account_balance"
CALLER = "+12025550100"
TIMEOUT_S = 30
# A new HTTP API answers a few seconds after CloudFormation is done with it.
PATIENCE_S = 60


class SmokeError(DeployError):
    """The deployment does not answer a call as it should; the message has the ladder."""


@dataclass(frozen=True, slots=True)
class Smoke:
    """The texts that a smoke call heard, and the time of its slowest answer."""

    heard: str
    slowest_ms: int


@contextmanager
def temporary_tenant(tenants: TenantAdmin) -> Iterator[tuple[str, str]]:
    """Give a KAZOO account nobody else has, and its token; both are gone afterwards."""
    account_id = secrets.token_hex(16)
    token = tenants.create(account_id, {"kazoo_version": "4.3"}).pivot
    try:
        yield account_id, token
    finally:
        tenants.remove(account_id)


def smoke_call(url: str, public_url: str, account_id: str, token: str) -> Smoke:
    """Call a deployment as a stranger and hear the question for the account number.

    Raises:
        SmokeError: It does not answer, or with something else, such as a callback's fallback.
    """
    knock(url)
    target = Http(url, token, public_url=public_url or None)
    call = Simulator(target, "4.3", account_id=account_id).call(CALLER, "2000", path=PATH)
    try:
        call.hears("account number").hangs_up()
    except CallMismatchError as mismatch:
        raise SmokeError(f"the smoke call to {url}{PATH} failed:\n{mismatch}") from None
    answers = [event.took_ms for event in call.events if event.kind == "answer_received"]
    return Smoke("the question for an account number", max(answers, default=0))


def knock(url: str) -> None:
    """Wait until the API refuses a request without a token, which takes a function that starts.

    Raises:
        SmokeError: It answers otherwise, or nothing at all.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            answer = httpx.post(url + PATH, json={}, timeout=TIMEOUT_S, trust_env=False)
            if answer.status_code == httpx.codes.FORBIDDEN:
                return
            problem = f"HTTP {answer.status_code} instead of 403: {answer.text[:300]}"
            broken = answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
        except httpx.HTTPError as error:
            problem, broken = f"{type(error).__name__}: {error}", False
        if broken or time.monotonic() > deadline:
            raise SmokeError(f"{url}{PATH} does not answer a request without a token: {problem}")
        time.sleep(1)
