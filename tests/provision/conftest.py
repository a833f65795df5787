"""An empty KAZOO account behind a stand-in Crossbar, and a deployment with nothing but parameters."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kazoo_simulator.crossbar import Account, Cluster, Switches, httpx_client
from pivotctl.deployment import Deployment
from pivotctl.provision._plan import Step
from pivotctl.provision._run import Proposal, Provisioning
from pivotctl.provision.document import KazooDocument
from tests.conftest import Tables

NUMBER = "+14155550199"
URL = "https://voice.example.com"


@dataclass
class Office:
    """One KAZOO account with some people, and what provisioning needs to work on it."""

    cluster: Cluster
    account: Account
    deployment: Deployment
    ids: dict[str, str] = field(default_factory=dict)
    approved: list[Proposal] = field(default_factory=list)
    done: list[Step] = field(default_factory=list)

    def document(self, callflows: dict[str, Any] | None = None, **more: Any) -> KazooDocument:
        """Return a document: a menu on two numbers, unless other callflows are given."""
        main = {"numbers": ["(415) 555-0199", 2000], "menu": "start", "otherwise": {"voicemail": "Ann's box"}}
        return KazooDocument.model_validate(
            {
                "kazoo_account": self.account.id,
                "crossbar": "http://crossbar.example.com",
                "callflows": callflows or {"main": main},
                "webhooks": ["call_ended"],
                **more,
            }
        )

    def provisioning(self, document: KazooDocument | None = None) -> Provisioning:
        """Return provisioning of a document on this account."""
        client = httpx_client(self.cluster)
        clock = {"now": self.cluster.now, "sleep": lambda _: None}
        return Provisioning(document or self.document(), self.deployment, URL, client=client, **clock)

    def provision(self, document: KazooDocument | None = None, **how: bool) -> Proposal:
        """Provision, approving everything."""
        self.approved.clear()
        return self.provisioning(document).run(self.approved.append, self.done.append, **how)

    def callflows(self) -> dict[str, dict[str, Any]]:
        """Return the account's callflows by name."""
        return {each.data["name"]: each.data for each in self.cluster.of_kind(self.account.id, "callflows")}

    def webhooks(self) -> list[dict[str, Any]]:
        """Return the account's webhooks."""
        return [each.data for each in self.cluster.of_kind(self.account.id, "webhooks")]

    def parameter(self, name: str) -> str:
        """Return a parameter of the deployment."""
        full = f"/pivot-lambda/{self.deployment.stage}/{name}"
        found = self.deployment.client("ssm").get_parameters(Names=[full], WithDecryption=True)["Parameters"]
        return str(found[0]["Value"]) if found else ""


@pytest.fixture
def office_of(emulator: Tables, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Office]:
    """Make an office: `office_of("5")`."""

    def make(version: Any = "4.3") -> Office:
        cluster = Cluster(Switches(version=version, bucket_size=10_000), sleep=lambda _: None)
        account = cluster.add_account(numbers=(NUMBER, "+14155550198"))
        monkeypatch.setenv("KAZOO_API_KEY", account.api_key)
        stage = f"t{secrets.token_hex(6)}"
        office = Office(
            cluster,
            account,
            Deployment(
                stage,
                {"ApiUrl": URL, **emulator.names},
                cache(emulator.client),
                URL,
            ),
        )
        user = {"first_name": "Ann", "last_name": "Bell", "username": "ann", "email": "ann@example.com"}
        for kind, data in {
            "users": user,
            "devices": {"name": "Desk"},
            "vmboxes": {"name": "Ann's box", "mailbox": "1001"},
            "groups": {"name": "Sales", "endpoints": {}},
        }.items():
            office.ids[kind] = cluster.add(account.id, kind, data).id
        flow = {"module": "user", "data": {"id": office.ids["users"]}, "children": {}}
        extension = {"name": "Ann Bell", "numbers": ["1001"], "patterns": [], "flow": flow}
        office.ids["extension"] = cluster.add(account.id, "callflows", extension).id
        return office

    return make


@pytest.fixture(params=["4.3", "5"])
def office(request: pytest.FixtureRequest, office_of: Callable[..., Office]) -> Office:
    """An office on each version."""
    return office_of(request.param)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Write a document to a file."""

    def write(text: str) -> Path:
        path = tmp_path / "kazoo.yaml"
        path.write_text(text)
        return path

    return write


def token_in(office: Office, data: dict[str, Any]) -> str:
    """Return the token that a node or a webhook carries, where the version takes it."""
    url = str(data.get("voice_url") or data["uri"])
    if office.cluster.version == "5":
        assert "token" not in url
        return str(data["custom_request_headers"]["X-Pivot-Token"])
    assert "custom_request_headers" not in data
    return parse_qs(urlsplit(url).query)["token"][0]
