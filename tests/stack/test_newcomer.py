"""A newcomer: an empty AWS account, an empty KAZOO account, three commands, and a call is answered.

Then what goes wrong at night: the webhook is switched off by failures, the doctor finds and fixes it, and
the ends that were lost come back from KAZOO's CDRs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from kazoo_simulator import Answer, Callee, Http
from kazoo_simulator.crossbar import Account, Cluster, CrossbarKazoo, CrossbarServer
from pivotctl.cli import app
from pivotctl.deployment import Deployment
from pivotctl.local_stack import Emulator
from pivotctl.local_stack._routes import replay_routes

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

PUBLIC_URL = "https://pivot.example.test"
MAIN, LONDON, ADA = "+14155550199", "+442071838750", "+14155550123"
RUNTIME = f"PythonRuntime=python{sys.version_info.major}.{sys.version_info.minor}"
DOCUMENT = """\
kazoo_account: {account}
crossbar: {crossbar}
debug: true
callflows:
  balance:
    numbers: ["(415) 555-0199", 2000]
    callback: account_balance
    otherwise: {{voicemail: Support}}
  prepaid:
    patterns: ["^\\\\+44(\\\\d+)$"]
    gate: {{account: 1004, connect: resources}}
    otherwise: {{say: Please call again later.}}
webhooks: [call_ended]
"""
SETTLED_WITHIN_S = 60
TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass
class Town:
    """An AWS account and a KAZOO cluster, both without anything of this project."""

    emulator: Emulator
    cluster: Cluster
    account: Account
    crossbar_url: str

    def kazoo(self, *, loses_ends: bool = False) -> CrossbarKazoo:
        """Return the account's KAZOO: its callflows are those of its Crossbar."""
        target = Http(Deployment.find("dev", quiet=True).url, public_url=PUBLIC_URL)
        if loses_ends:
            target = _LosesEnds(target.base_url, public_url=PUBLIC_URL)
        answers = Callee("answers", after_s=2, talk_s=61)
        return CrossbarKazoo(self.cluster, self.account, target, callees={LONDON: answers})

    def call_london(self, **how: bool) -> None:
        """Place a prepaid call to London that lasts a minute."""
        self.kazoo(**how).call(ADA, LONDON).rings(LONDON).answered(talk_s=61).ends()


class _LosesEnds(Http):
    """A way to the deployment on which every end of a call gets 502."""

    def send(self, request: Any, timeout_ms: int) -> Answer:
        if "/call_ended" in request.url:
            return Answer(502, b"bad gateway")
        return super().send(request, timeout_ms)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everything that is there before the newcomer comes."""
    emulator = Emulator.start(tmp_path_factory.mktemp("town") / "emulator.log")
    cluster = Cluster()
    account = cluster.add_account(numbers=(MAIN,))
    cluster.add(account.id, "vmboxes", {"name": "Support", "mailbox": "1001"})
    with CrossbarServer(cluster) as server:
        yield Town(emulator, cluster, account, server.url)
    emulator.stop()


@pytest.fixture(autouse=True)
def aws(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newcomer's credentials, of AWS and of KAZOO."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", town.emulator.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("SAM_CLI_POLL_DELAY", "0.2")
    monkeypatch.setenv("KAZOO_API_KEY", town.account.api_key)


def pivot(*arguments: str, fails: bool = False) -> str:
    """Run `pivot` and return what it prints on stdout."""
    done = CliRunner().invoke(app, list(arguments))
    assert (done.exit_code != 0) == fails, done.output
    return str(done.stdout)


def test_a_newcomer_is_answered_and_stays_well(town: Town, tmp_path: Path) -> None:
    """Three commands to an answered number; a webhook that failures switched off is found and fixed."""
    kazoo_yaml = tmp_path / "kazoo.yaml"
    kazoo_yaml.write_text(DOCUMENT.format(account=town.account.id, crossbar=town.crossbar_url))

    # The emulator has no saved queries and dashboards.
    chosen = (RUNTIME, f"PublicUrl={PUBLIC_URL}", "Monitoring=off")
    pivot("deploy", "dev", "--yes", *(part for each in chosen for part in ("--set", each)))
    replay_routes(town.emulator.client, "pivot-lambda-dev")
    wake()
    shown = pivot("provision", str(kazoo_yaml), "--stage", "dev", "--yes")
    assert "created callflow balance" in shown
    assert town.account.api_key not in shown
    town.kazoo().call(ADA, MAIN).hears("account number").hangs_up().ends()
    # A busy machine may answer slowly, which is a warning.
    assert "KAZOO and Live Debug agree" in pivot("doctor", town.account.id, "--stage", "dev")
    assert "Nothing to change" in pivot("provision", str(kazoo_yaml), "--stage", "dev", "--yes")

    for door, document in (("pivot", "callflow balance"), ("webhook", "webhook call_ended")):
        rotated = pivot("token", "rotate", town.account.id, "--scope", door, "--stage", "dev")
        assert f"{document} carries it now" in rotated
    town.kazoo().call(ADA, MAIN).hears("account number").hangs_up().ends()

    open_prepaid_account(town, tmp_path)
    town.call_london()
    assert settled_calls(town, 1) == 1

    for _ in range(6):
        town.call_london(loses_ends=True)
    found = json.loads(pivot("doctor", town.account.id, "--stage", "dev", "--json", fails=True))
    messages = {each["check"]: each["message"] for each in found["findings"] if each["level"] == "error"}
    assert "too many failed attempts" in messages["webhook"]
    assert "It is on again" in pivot("doctor", town.account.id, "--stage", "dev", "--fix")
    town.call_london()
    assert settled_calls(town, 2) == 2

    # The hour of ends that were lost: KAZOO's CDRs bring it back, once.
    where = ("--kazoo-account", town.account.id, "--stage", "dev")
    now = datetime.now(UTC)
    span = ("--since", f"{now - timedelta(hours=1):{TIME}}", "--until", f"{now + timedelta(hours=1):{TIME}}")
    assert "6 calls settled" in pivot("accounts", "import-cdrs", *span, *where)
    assert settled_calls(town, 8) == 8
    assert "0 calls settled" in pivot("accounts", "import-cdrs", *span, *where)
    assert "0 discrepancies" in pivot("accounts", "reconcile", "1004", *where)


def wake() -> None:
    """Start the functions: a cold start on a busy machine may outlast KAZOO's 5 s."""
    url = Deployment.find("dev", quiet=True).url
    for path in ("account_balance", "balance_gate", "call_ended"):
        httpx.post(f"{url}/{path}", json={}, timeout=60)


def open_prepaid_account(town: Town, folder: Path) -> None:
    """Open an account with money for many minutes at three cents each."""
    rates = folder / "rates.csv"
    rates.write_text("prefix,per_minute\n44,0.03\n")
    where = ("--kazoo-account", town.account.id, "--stage", "dev")
    pivot("accounts", "import-rates", "retail", str(rates), *where)
    pivot("accounts", "create", "1004", "--balance", "50.00", "--plan", "retail", *where)


def settled_calls(town: Town, at_least: int) -> int:
    """Return how many calls are billed, after a time in which at least so many should be."""
    where = ("--kazoo-account", town.account.id, "--stage", "dev")
    give_up = time.monotonic() + SETTLED_WITHIN_S
    while True:
        statement = pivot("accounts", "statement", "1004", *where)
        count = statement.count(LONDON)
        if count >= at_least or time.monotonic() > give_up:
            return count
        time.sleep(1)
