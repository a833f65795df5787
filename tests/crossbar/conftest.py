"""A simulated cluster with one account, on a clock that only tests move."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from kazoo_simulator.crossbar import Account, Cluster, CrossbarApp, Request, Response, Switches

NOW = 1_764_064_800.0
"""2025-11-25T10:00:00Z"""
NUMBER = "+14155550199"
URL = "https://p.example.net/voice?token=T"


@dataclass
class Clock:
    """A clock that only sleeping, and the test, move on."""

    seconds: float = NOW
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Return the time."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.seconds += seconds


@dataclass
class Client:
    """Sends requests to a cluster's Crossbar, with the account's token."""

    cluster: Cluster
    account: Account
    token: str = ""

    def login(self, key: str | None = None, **headers: str) -> Response:
        """Ask for a token."""
        data = {"api_key": key or self.account.api_key}
        return self.raw("PUT", "/v2/api_auth", data, headers)

    def raw(
        self, method: str, target: str, data: Any = None, headers: dict[str, str] | None = None
    ) -> Response:
        """Send a request as it is."""
        body = b"" if data is None else json.dumps({"data": data}).encode()
        return CrossbarApp(self.cluster).respond(Request(method, target, headers or {}, body))

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> Response:
        """Send a request about the account, with its token."""
        if not self.token:
            self.token = self.login().json()["auth_token"]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        target = f"/v2/accounts/{self.account.id}/{path}"
        return self.raw(method, target, data, {"x-auth-token": self.token, **named})

    def create(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """Create a document and return it."""
        answer = self.ask("PUT", path, data)
        assert answer.status == 201, answer.body
        created: dict[str, Any] = answer.json()["data"]
        return created


@pytest.fixture
def clock() -> Clock:
    """The cluster's clock."""
    return Clock()


@pytest.fixture
def client_of(clock: Clock) -> Callable[..., Client]:
    """Make a client of a fresh cluster: `client_of("5")`."""

    def make(version: Any = "4.3", **switches: Any) -> Client:
        cluster = Cluster(Switches(version=version, **switches), now=clock.now, sleep=clock.sleep)
        return Client(cluster, cluster.add_account(numbers=(NUMBER,)))

    return make


@pytest.fixture(params=["4.3", "5"])
def client(request: pytest.FixtureRequest, client_of: Callable[..., Client]) -> Client:
    """A client of each version."""
    return client_of(request.param)


def pivot_flow(url: str = URL, **data: Any) -> dict[str, Any]:
    """Return a pivot node with a voicemail box as its wildcard child."""
    box = {"module": "voicemail", "data": {"id": "44bb55cc66dd77ee88ff990011223344"}, "children": {}}
    return {"module": "pivot", "data": {"voice_url": url, **data}, "children": {"_": box}}
