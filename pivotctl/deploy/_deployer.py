"""One deployment of a stage: build, change set, execution, test call, and rollback."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pivotctl.aws_access import AwsAccess
from pivotctl.deploy._changes import (
    Change,
    DeployError,
    changes_of,
    execute,
    refuse_unsteady,
)
from pivotctl.deploy._parameters import Parameters, configured_values, deployed_values, merge
from pivotctl.deploy._smoke import Smoke, smoke_call, temporary_tenant
from pivotctl.deployment import Deployment, describe, parameter_prefix, stack_name
from pivotctl.local_stack import failure, template
from pivotctl.tokens import TenantAdmin

ROOT = Path(__file__).resolve().parents[2]
CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")
_CHANGE_SET = re.compile(r"arn:aws[a-z-]*:cloudformation:\S+:changeSet/\S+")
_BUCKET = re.compile(r"s3://([a-z0-9.-]+)/")
# Without the right to list a bucket, S3 answers AccessDenied for a key that is not there.
_NOT_KEPT = {"NoSuchKey", "NoSuchBucket", "AccessDenied"}
_COMPILED = {".so", ".pyd", ".dylib"}

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Before:
    """The state of a stage before a deployment: enough to restore it."""

    template: str
    parameters: dict[str, str]

    @property
    def bucket(self) -> str:
        """Return the bucket that holds the template's code; empty if the template has no such bucket."""
        found = _BUCKET.search(self.template)
        return found[1] if found else ""


@dataclass(slots=True)
class Deployer:
    """Deploys a stage from a checkout. `root` is the checkout, `access` where it goes."""

    stage: str
    access: AwsAccess
    root: Path = ROOT
    cloudformation: Any = field(init=False)

    def __post_init__(self) -> None:
        self.cloudformation = self.access.client("cloudformation")

    @property
    def name(self) -> str:
        """The stack's name."""
        return stack_name(self.stage)

    @property
    def folder(self) -> Path:
        """This stage's own build folder: nothing of another target's build gets into it."""
        return self.root / ".aws-sam" / self.stage

    def stack(self) -> dict[str, Any] | None:
        """Return the stack as it is, None where there is none; DeployError where it takes no change now."""
        found = describe(self.stage, self.access)
        refuse_unsteady(found, self.stage)
        return None if found and found["StackStatus"] == "REVIEW_IN_PROGRESS" else found

    def parameters(self, stack: dict[str, Any] | None, given: dict[str, str]) -> Parameters:
        """Return what the stage gets: what is given, deployed, configured, or the template's default."""
        return merge(
            template(self.root / "template.yaml"),
            stage=self.stage,
            given=given,
            configured=configured_values(self.root / "samconfig.toml", self.stage),
            deployed=deployed_values(stack),
        )

    def build(self) -> None:
        """Run `sam build` into this stage's own folder, and look at what it made.

        Raises:
            DeployError: It failed, or made a layer that does not fit every processor.
        """
        folders = ("--build-dir", str(self.folder / "build"), "--cache-dir", str(self.folder / "cache"))
        self._sam("build", "--cached", "--parallel", *folders)
        compiled = [path for path in (self.folder / "build").rglob("*") if path.suffix in _COMPILED]
        if compiled:
            raise DeployError(
                f"{compiled[0]} is for one processor, and layers are pure Python: remove {self.folder}"
            )

    def change_set(self, parameters: Parameters) -> str | None:
        """Upload what was built and make a change set; return its ARN, None where nothing changes."""
        log = self._sam(
            "deploy",
            *("--template-file", str(self.folder / "build" / "template.yaml"), "--stack-name", self.name),
            *(
                "--resolve-s3",
                "--no-execute-changeset",
                "--no-confirm-changeset",
                "--no-fail-on-empty-changeset",
            ),
            *("--no-progressbar", "--capabilities", *CAPABILITIES),
            *("--tags", f"stage={self.stage}", "application=pivot-lambda"),
            *(
                "--parameter-overrides",
                *(f"{name}={_quoted(value)}" for name, value in parameters.values.items()),
            ),
        )
        found = _CHANGE_SET.findall(log)
        return found[-1] if found else None

    def changes(self, change_set: str) -> list[Change]:
        """Return what the change set does."""
        resources = template(self.root / "template.yaml")["Resources"]
        retained = [name for name, each in resources.items() if each.get("DeletionPolicy") == "Retain"]
        return changes_of(self.cloudformation, self.name, change_set, retained)

    def execute(self, change_set: str, progress: Progress) -> None:
        """Carry the change set out; CloudFormation itself goes back where a resource fails."""
        execute(self.cloudformation, self.name, change_set, progress)
        self.open_routes()

    def open_routes(self) -> None:
        """Make the routes an emulator leaves out; on AWS there is nothing to do."""
        endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
        if endpoint.hostname in ("127.0.0.1", "localhost"):
            from pivotctl.local_stack._routes import replay_routes

            replay_routes(self.access.client, self.name)

    def smoke(self) -> Smoke:
        """Play a call through the deployment with a KAZOO account that exists for this call only."""
        found = Deployment.find(self.stage, self.access, quiet=True)
        public_url = found.outputs.get("PublicUrl", "")
        with temporary_tenant(TenantAdmin.of(found)) as (account_id, token):
            return smoke_call(found.url, public_url, account_id, token)

    def before(self, stack: dict[str, Any] | None) -> Before | None:
        """Return what is deployed now; None where nothing is."""
        if stack is None:
            return None
        body = self.cloudformation.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]
        text = body if isinstance(body, str) else json.dumps(body)
        return Before(text, deployed_values(stack) or {})

    @property
    def _kept(self) -> str:
        """The key of the deployment before the last one, in the bucket of the code."""
        return f"{self.name}/previous.json"

    def keep(self, before: Before) -> None:
        """Keep a deployment for `pivot rollback`, beside the code it names: any machine brings it back."""
        if before.bucket:
            document = {
                "template": before.template,
                "parameters": before.parameters,
                "of": datetime.now(UTC).isoformat(),
            }
            s3 = self.access.client("s3")
            s3.put_object(Bucket=before.bucket, Key=self._kept, Body=json.dumps(document).encode())

    def previous(self, current: Before) -> Before | None:
        """Return the deployment before the last one; None where none is kept."""
        from botocore.exceptions import ClientError

        if not current.bucket:
            return None
        try:
            kept = self.access.client("s3").get_object(Bucket=current.bucket, Key=self._kept)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_KEPT:
                return None
            raise
        document = json.loads(kept["Body"].read())
        return Before(document["template"], document["parameters"])

    def go_back(self, before: Before, progress: Progress) -> None:
        """Bring an earlier deployment back: its template, with the code it names, and its parameters."""
        name = f"pivot-rollback-{datetime.now(UTC):%Y%m%d%H%M%S}"
        known = template_parameters(before.template)
        arguments: dict[str, Any] = {
            "StackName": self.name,
            "ChangeSetName": name,
            "ChangeSetType": "UPDATE",
            "Capabilities": list(CAPABILITIES),
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in before.parameters.items()
                if key in known
            ],
        }
        self.cloudformation.create_change_set(**self._uploaded(before.template, name), **arguments)
        if not self._is_ready(name):
            return
        self.execute(name, progress)

    def _uploaded(self, text: str, name: str) -> dict[str, str]:
        """Return a template as CloudFormation takes it: longer than 51,200 bytes it must be in S3.

        It goes where the code it names is.
        """
        bucket = Before(text, {}).bucket
        if not bucket:
            return {"TemplateBody": text}
        key = f"{self.name}/{name}.template"
        s3 = self.access.client("s3")
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
        address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
        return {"TemplateURL": address.partition("?")[0]}

    def synthetic_call(self) -> bool:
        """Give the synthetic call a KAZOO account and token, where it is on and has none; return whether."""
        found = Deployment.find(self.stage, self.access, quiet=True)
        if (deployed_values(dict(found.stack)) or {}).get("SyntheticCall") != "on":
            return False
        ssm, name = found.client("ssm"), f"{parameter_prefix(self.stage)}/synthetic-call"
        if ssm.get_parameters(Names=[name])["Parameters"]:
            return False
        account_id = secrets.token_hex(16)
        token = TenantAdmin.of(found).create(account_id, {"kazoo_version": "4.3"}).pivot
        value = json.dumps({"kazoo_account_id": account_id, "token": token})
        ssm.put_parameter(Name=name, Value=value, Type="SecureString")
        return True

    def _is_ready(self, change_set: str) -> bool:
        import time

        while True:
            found = self.cloudformation.describe_change_set(StackName=self.name, ChangeSetName=change_set)
            if found["Status"] == "CREATE_COMPLETE":
                return True
            if found["Status"] == "FAILED":
                reason = found.get("StatusReason", "")
                if "didn't contain changes" in reason or "No updates" in reason:
                    return False
                raise DeployError(f"the rollback cannot be prepared: {reason}")
            time.sleep(0.5)

    def _sam(self, command: str, *arguments: str) -> str:
        log = self.folder / f"sam-{command}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            done = subprocess.run(
                [_sam_program(self.root), command, "--region", self.access.region, *arguments]
                if command == "deploy"
                else [_sam_program(self.root), command, *arguments],
                cwd=self.root,
                env={
                    **os.environ,
                    **self.access.environment(),
                    "SAM_CLI_TELEMETRY": "0",
                    "PYTHON": sys.executable,
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            told = failure(f"sam {command}", log)
            if "Unrecognized resource types" in told:
                told += "\n`--set Monitoring=off` leaves alarms, dashboard and saved queries out"
            raise DeployError(told)
        return log.read_text(errors="replace")


def template_parameters(text: str) -> set[str]:
    """Return the names of a template's parameters, YAML or JSON."""
    import yaml

    from pivotctl.local_stack._tables import CloudFormationLoader

    document = yaml.load(text, CloudFormationLoader)  # noqa: S506 - a SafeLoader
    return set(document.get("Parameters", {}))


def tables_left(outputs: dict[str, str], root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Yield each table that stays when a stack is deleted: the name of its output, and its own."""
    for name, resource in template(root / "template.yaml")["Resources"].items():
        kept = resource["Type"] == "AWS::DynamoDB::Table" and resource.get("DeletionPolicy") == "Retain"
        if kept and name in outputs:
            yield name, outputs[name]


def _quoted(value: str) -> str:
    """Return a value as `sam` reads it back."""
    return '"' + value.replace('"', '\\"') + '"'


def _sam_program(root: Path) -> str:
    """Return the SAM command line: `make setup`'s, or one on the PATH.

    Raises:
        DeployError: There is none.
    """
    from shutil import which

    for candidate in (root / ".venv-sam" / "bin" / "sam", ROOT / ".venv-sam" / "bin" / "sam"):
        if candidate.exists():
            return str(candidate)
    found = which("sam")
    if found is None:
        raise DeployError("the SAM command line is missing: run `make setup`")
    return found
