"""`pivot provision` and `pivot doctor` as a person runs them: what they print, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kazoo_simulator.crossbar import CrossbarServer
from pivotctl.cli import app
from pivotctl.deployment import Deployment
from tests.provision.conftest import NUMBER, Office

DOCUMENT = """\
kazoo_account: {account}
crossbar: {url}
callflows:
  main:
    numbers: ["{number}", 2000]
    menu: start
    otherwise: {{voicemail: Ann's box}}
webhooks: [call_ended]
"""


@dataclass
class Desk:
    """A terminal at the office, with kazoo.yaml in it."""

    office: Office
    file: Path

    def pivot(self, *arguments: str) -> Any:
        """Run `pivot` on the office's stage."""
        return CliRunner().invoke(app, [*arguments, "--stage", self.office.deployment.stage])

    def provision(self, *options: str) -> Any:
        """Run `pivot provision kazoo.yaml`."""
        return self.pivot("provision", str(self.file), *options)

    def doctor(self, *options: str) -> Any:
        """Run `pivot doctor`."""
        return self.pivot("doctor", self.office.account.id, *options)


@pytest.fixture
def desk(
    office_of: Callable[..., Office], written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A desk with a KAZOO that answers on a port."""
    office = office_of("4.3")
    monkeypatch.setattr(Deployment, "find", lambda *_, **__: office.deployment)
    # A narrow terminal: nothing that is copied may be cut or wrapped.
    monkeypatch.setenv("COLUMNS", "40")
    with CrossbarServer(office.cluster) as server:
        text = DOCUMENT.format(account=office.account.id, url=server.url, number=NUMBER)
        yield Desk(office, written(text))


def test_the_difference_is_shown_asked_for_and_made(desk: Desk) -> None:
    """Dry run, refusal, change, nothing left to change: each with its exit code."""
    looked = desk.provision("--dry-run")
    assert looked.exit_code == 1
    assert "+ callflow main" in looked.output
    assert "flow.data.voice_url = https://voice.example.com/menu?token=TOKEN\n" in looked.output
    refused = desk.provision()
    assert refused.exit_code == 1
    assert "nothing was changed" in refused.output
    assert "main" not in desk.office.callflows()

    done = desk.provision("--yes")
    assert done.exit_code == 0, done.output
    assert "✓ created callflow main" in done.output
    token = desk.office.callflows()["main"]["flow"]["data"]["voice_url"].partition("token=")[2]
    for secret in (token, desk.office.account.api_key):
        assert secret not in done.output
    again = desk.provision("--dry-run")
    assert (again.exit_code, "Nothing to change" in again.output) == (0, True)


def test_a_program_reads_the_plan(desk: Desk) -> None:
    """`--json` is JSON and nothing else on stdout."""
    plan = json.loads(desk.provision("--dry-run", "--json").stdout)
    assert {step["what"] for step in plan["steps"]} == {"callflow main", "webhook call_ended"}
    assert json.loads(desk.provision("--yes", "--json").stdout)["outcome"] == "done"
    assert json.loads(desk.provision("--yes", "--json").stdout)["outcome"] == "unchanged"


def test_undo_says_what_it_removed(desk: Desk) -> None:
    """What was made goes; the rest stays."""
    desk.provision("--yes")
    gone = desk.provision("--undo", "--yes")
    assert gone.exit_code == 0
    assert "✓ removed callflow main" in gone.output
    assert set(desk.office.callflows()) == {"Ann Bell"}


def test_what_a_person_got_wrong_is_one_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong key, a wrong address, a wrong name: the cause, the remedy, no traceback, no key."""
    desk.file.write_text(desk.file.read_text().replace("Ann's box", "Bob's box"))
    wrong = desk.provision("--dry-run")
    assert (wrong.exit_code, "did you mean" in wrong.output) == (2, True)
    monkeypatch.setenv("KAZOO_API_KEY", "6f1e" * 16)
    refused = desk.provision("--dry-run")
    assert (refused.exit_code, "does not accept the API key" in refused.output) == (1, True)
    assert "6f1e" not in refused.output
    monkeypatch.delenv("KAZOO_API_KEY")
    missing = desk.provision("--dry-run")
    assert (missing.exit_code, "KAZOO_API_KEY" in missing.output) == (1, True)


def test_the_doctor_has_an_exit_code_and_json(desk: Desk) -> None:
    """Well is 0; what loses calls is 1, with the remedy below it."""
    unknown = desk.doctor()
    assert (unknown.exit_code, "pivot provision" in unknown.output) == (1, True)
    desk.provision("--yes")
    well = desk.doctor()
    assert well.exit_code == 0, well.output
    assert "All is well." in well.output
    desk.office.webhooks()[0]["enabled"] = False
    ill = desk.doctor()
    assert ill.exit_code == 1
    assert "✗ webhook" in ill.output
    assert "→ find out why it failed, then `pivot doctor --fix` switches it on\n" in ill.output
    assert json.loads(desk.doctor("--json").stdout)["errors"] == 1
    fixed = desk.doctor("--fix")
    assert fixed.exit_code == 0
    assert "It is on again" in fixed.output
