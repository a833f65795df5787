"""Every command works on the AWS that `sam` deploys to, says which one, and looks before it writes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from pivotctl import deployment
from pivotctl.aws_access import AwsAccess, AwsAccessError
from pivotctl.cli import app

ACCOUNT = "4c6f1e0a9b3d45c28e7f10a2b3c4d5e6"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's home with two profiles, and nothing of AWS in the environment."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL", "PIVOT_STAGE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "config").write_text(
        "[default]\nregion = eu-central-1\n[profile ops]\nregion = ap-south-1\n[profile bare]\n"
    )
    (tmp_path / "credentials").write_text("[default]\naws_access_key_id = a\naws_secret_access_key = b\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({}, "eu-central-1"),
        ({"AWS_PROFILE": "ops"}, "ap-south-1"),
        ({"AWS_DEFAULT_REGION": "us-west-2"}, "us-west-2"),
        ({"AWS_PROFILE": "bare", "AWS_REGION": "eu-west-3"}, "eu-west-3"),
        ({"AWS_REGION": "eu-central-1"}, "eu-central-1"),
    ],
)
def test_the_region_is_the_one_sam_uses(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], region: str
) -> None:
    """botocore's session decides, as it does for `sam`."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    access = AwsAccess.find()
    assert access.region == region
    assert access.client("ssm").meta.region_name == region
    assert access.environment()["AWS_DEFAULT_REGION"] == region


def test_two_regions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """`sam` does not read AWS_REGION, so nothing is done where the two would part."""
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    with pytest.raises(AwsAccessError, match="AWS_REGION is eu-west-3, but `sam` uses eu-central-1"):
        AwsAccess.find()


def test_no_region_and_no_profile_say_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence each."""
    monkeypatch.setenv("AWS_PROFILE", "bare")
    with pytest.raises(AwsAccessError, match="set AWS_DEFAULT_REGION"):
        AwsAccess.find()
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(AwsAccessError, match="nobody"):
        AwsAccess.find()


class EmptyAccount:
    """CloudFormation with the stack of another stage only; every write to SSM is noted."""

    def __init__(self) -> None:
        self.writes: list[str] = []

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 - botocore's
        from botocore.exceptions import ClientError

        message = {
            "Error": {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}
        }
        raise ClientError(message, "DescribeStacks")

    def get_paginator(self, name: str) -> Any:
        assert name == "describe_stacks"
        names = ("pivot-lambda-dev2", "somebody-else")
        return SimpleNamespace(paginate=lambda: [{"Stacks": [{"StackName": each} for each in names]}])

    def put_parameter(self, **parameter: Any) -> None:
        self.writes.append(parameter["Name"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("token", "create", ACCOUNT),
        ("token", "list"),
        ("data", "history", "menus", "--kazoo-account", ACCOUNT),
        ("accounts", "show", "1001", "--kazoo-account", ACCOUNT),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_command_looks_for_the_stack_before_it_writes(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Where nothing is deployed nothing is written, and the region is named."""
    empty = EmptyAccount()
    monkeypatch.setattr(AwsAccess, "client", lambda self, service: empty)
    answered = CliRunner().invoke(app, [*arguments, "--stage", "dev"])
    assert answered.exit_code == 1, answered.output
    told = " ".join(answered.output.split())
    assert "no stack pivot-lambda-dev in region eu-central-1, profile default" in told
    assert "stages here: dev2. `pivot deploy dev`" in told
    assert not empty.writes


def test_the_place_of_a_deployment_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Region, profile and AWS account, on stderr."""
    stack = {
        "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/pivot-lambda-dev/1",
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": "ApiUrl", "OutputValue": "https://x.example"}],
    }
    monkeypatch.setattr(deployment, "describe", lambda stage, access: stack)
    found = deployment.Deployment.find("dev")
    assert found.url == "https://x.example"
    assert (
        "pivot-lambda-dev in region eu-central-1, profile default, AWS account 123456789012"
        in capsys.readouterr().err
    )
