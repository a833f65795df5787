"""`pivot deploy` from an empty AWS account: first deployment, update, a bad one that goes back, delete."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pivotctl.aws_access import AwsAccess
from pivotctl.cli import app
from pivotctl.deploy import command
from pivotctl.deploy._changes import DeployError
from pivotctl.deploy._deployer import Deployer
from pivotctl.deployment import describe, outputs_of
from pivotctl.local_stack import Emulator

ROOT = Path(__file__).resolve().parents[2]
# Saved queries are not emulated.
SET = (
    "--set",
    f"PythonRuntime=python{sys.version_info.major}.{sys.version_info.minor}",
    "--set",
    "Monitoring=off",
)
RUNTIME = f"PythonRuntime=python{sys.version_info.major}.{sys.version_info.minor}"

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An empty AWS account."""
    started = Emulator.start(tmp_path_factory.mktemp("account") / "emulator.log")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that may be broken."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("functions", "layers"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in ("template.yaml", "samconfig.toml"):
        shutil.copy(ROOT / name, folder / name)
    for name in (".venv-sam", ".venv-uv"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(autouse=True)
def aws(account: Emulator, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account's credentials and region, as `aws configure` leaves them; commands work on the checkout."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("SAM_CLI_POLL_DELAY", "0.2")
    monkeypatch.setattr(command, "Deployer", lambda stage, access: Deployer(stage, access, checkout))


def pivot(*arguments: str) -> Any:
    """Run `pivot` and return what it did."""
    return CliRunner().invoke(app, list(arguments))


def deployed(stage: str = "dev") -> dict[str, str]:
    """The parameters of the stack."""
    stack = describe(stage, AwsAccess.find())
    assert stack is not None
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}


def test_first_update_bad_rollback_delete(checkout: Path) -> None:
    """The life of a stage, each step as a person runs it."""
    refused = pivot("deploy", "dev", *SET)
    assert refused.exit_code == 2
    assert "--yes" in refused.output

    first = pivot("deploy", "dev", "--yes", *SET)
    assert first.exit_code == 0, first.output
    assert "eu-central-1" in first.output
    assert "the first deployment" in first.output
    assert "it answers: the question for an account number" in first.output
    assert deployed()["Stage"] == "dev"
    assert deployed()["LogLevel"] == "DEBUG"

    again = pivot("deploy", "dev", "--yes")
    assert again.exit_code == 0, again.output
    assert "nothing changes" in again.output
    assert deployed()["PythonRuntime"] == RUNTIME.partition("=")[2]

    changed = pivot("deploy", "dev", "--yes", "--set", "LogLevel=WARNING", "--set", "SyntheticCall=on")
    assert changed.exit_code == 0, changed.output
    assert "LogLevel: 'DEBUG' → 'WARNING'" in changed.output
    assert deployed()["LogLevel"] == "WARNING"
    assert deployed()["LogRetentionDays"] == "7"
    secret = (
        AwsAccess.find()
        .client("ssm")
        .get_parameters(Names=["/pivot-lambda/dev/synthetic-call"], WithDecryption=True)
    )
    assert set(json.loads(secret["Parameters"][0]["Value"])) == {"kazoo_account_id", "token"}

    handler = checkout / "functions" / "account_balance" / "app.py"
    good = handler.read_text()
    handler.write_text(good + '\nraise RuntimeError("this deployment is broken")\n')
    bad = pivot("deploy", "dev", "--yes", "--set", "LogLevel=ERROR")
    handler.write_text(good)
    assert bad.exit_code == 1
    assert "the one before is back and does" in " ".join(bad.output.split())
    assert deployed()["LogLevel"] == "WARNING"

    # Another machine has nothing of what this one built.
    shutil.rmtree(checkout / ".aws-sam")
    back = pivot("rollback", "dev", "--yes")
    assert back.exit_code == 0, back.output
    assert "LogLevel: 'WARNING' → 'DEBUG'" in back.output
    assert deployed()["LogLevel"] == "DEBUG"
    again = pivot("rollback", "dev", "--yes")
    assert again.exit_code == 0, again.output
    assert deployed()["LogLevel"] == "WARNING"

    outputs = outputs_of(describe("dev", AwsAccess.find()) or {})
    unsure = pivot("delete", "dev")
    assert unsure.exit_code == 2
    gone = pivot("delete", "dev", "--confirm", "dev")
    assert gone.exit_code == 0, gone.output
    assert describe("dev", AwsAccess.find()) is None
    left = AwsAccess.find().client("dynamodb").list_tables()["TableNames"]
    assert outputs["AccountsTable"] in left
    assert f"AccountsTableName={outputs['AccountsTable']}" in "".join(gone.output.split())


def test_the_readme_deploys(monkeypatch: pytest.MonkeyPatch) -> None:
    """README's deploy section, line by line, in an AWS account without that stage."""
    page = (ROOT / "README.md").read_text()
    section = page[page.index("## Deploy") : page.index("## What is in it")]
    lines = re.findall(r"^\$ (.+)$", section, re.MULTILINE)
    assert lines
    monkeypatch.chdir(ROOT)
    for line in lines:
        words = shlex.split(os.path.expandvars(line))
        if words[0] == "export":
            for word in words[1:]:
                monkeypatch.setenv(*word.split("=", 1))
            continue
        assert words[0] == ".venv/bin/pivot"
        more = ("--yes", *SET) if words[1] == "deploy" else ()
        answered = pivot(*words[1:], *more)
        assert answered.exit_code == 0, f"{line}\n{answered.output}"


def test_sam_alone_deploys_as_the_readme_says(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sam build && sam deploy --config-env dev`, in a region where nothing is yet."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    deployer = Deployer("dev", AwsAccess.find(), checkout)
    deployer._sam("build")
    deployer._sam("deploy", "--config-env", "dev", "--no-confirm-changeset")
    assert deployed()["Stage"] == "dev"


def test_sam_alone_keeps_the_stage(checkout: Path) -> None:
    """With `sam deploy --parameter-overrides` an extra parameter does not lose the stage."""
    deployer = Deployer("staging", AwsAccess.find(), checkout)
    deployer._sam("build")

    def deploy(*overrides: str) -> None:
        arguments = ("--config-env", "staging", "--no-confirm-changeset")
        deployer._sam("deploy", *arguments, "--parameter-overrides", *overrides)

    with pytest.raises(DeployError, match="Stage"):
        deploy(RUNTIME, "Monitoring=off")
    deploy("Stage=staging", RUNTIME, "Monitoring=off")
    assert deployed("staging")["Stage"] == "staging"
    deploy("LogLevel=ERROR")
    assert deployed("staging")["Stage"] == "staging"
    assert deployed("staging")["LogLevel"] == "ERROR"
