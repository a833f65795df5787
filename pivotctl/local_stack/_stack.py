"""The application, built and deployed by SAM onto the emulator."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from pivotctl.errors import UserError
from pivotctl.local_stack._emulator import REGION, ROOT, Emulator, _without_aws, credentials
from pivotctl.local_stack._routes import replay_routes
from pivotctl.local_stack._tables import made, template

PUBLIC_URL = "http://pivot.example.test"
"""The local deployment in a voice_url: KAZOO refuses localhost there, so the simulator maps this name."""

STACK_NAME = "pivot-lambda-local"
PARAMETER_PREFIX = "/pivot-lambda/local"
FOLDER = ROOT / ".stack"
BUILD = ROOT / ".aws-sam" / "local" / "build"
"""What `sam build` makes for the local stack; each target has a build folder of its own."""

Progress = Callable[[str], None]


class StackError(UserError):
    """A build or deploy step failed; the message carries its last lines."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed application: where it answers and what its resources are called."""

    emulator: Emulator
    api_id: str
    outputs: dict[str, str]
    public_url: str = PUBLIC_URL

    @property
    def url(self) -> str:
        """The address KAZOO would be given, reachable from this machine."""
        return f"{self.emulator.url}/_aws/execute-api/{self.api_id}/$default"

    def environment(self) -> dict[str, str]:
        """Return the environment variables of a function, for handlers that run in this process."""
        return function_environment(self.emulator, self.outputs)

    @staticmethod
    def parameters(public_url: str = PUBLIC_URL, **more: str) -> list[str]:
        """Return the template's parameters on this machine: its interpreter, its processor, and `more`."""
        return [
            "Stage=local",
            f"PublicUrl={public_url}",
            f"PythonRuntime=python{sys.version_info.major}.{sys.version_info.minor}",
            f"Architecture={'arm64' if platform.machine() in {'arm64', 'aarch64'} else 'x86_64'}",
            # What CloudWatch shows is not emulated, and what `make down` ends is not protected.
            *("Monitoring=off", "DeletionProtection=off"),
            *(f"{name}={value}" for name, value in more.items()),
        ]

    @classmethod
    def deploy(
        cls, emulator: Emulator, progress: Progress, public_url: str = PUBLIC_URL, **more_parameters: str
    ) -> Stack:
        """Build with `sam build`, deploy with `sam deploy`, and return the deployment.

        `more_parameters` are further parameters of the template, such as OidcIssuer.

        Raises:
            StackError: A step failed.
        """
        parameters = cls.parameters(public_url, **more_parameters)
        progress("sam build")
        run_sam(
            "build",
            *(
                "--cached",
                "--parallel",
                "--build-dir",
                str(BUILD),
                "--cache-dir",
                str(BUILD.with_name("cache")),
            ),
            *("--parameter-overrides", *parameters),
        )
        progress("sam deploy")
        run_sam(
            "deploy",
            *("--template-file", str(BUILD / "template.yaml")),
            *("--stack-name", STACK_NAME, "--parameter-overrides", *parameters, "--region", REGION),
            *("--resolve-s3", "--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
            *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"),
            endpoint=emulator.url,
        )
        progress("routes")
        cloudformation = emulator.client("cloudformation")
        described = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        replay_routes(emulator.client, STACK_NAME)
        return cls(emulator, outputs["ApiId"], outputs, public_url)

    def wake(self) -> None:
        """Start every callback: a cold start on a busy machine may outlast KAZOO's 5 s.

        The gate twice, as calls race for a balance there.
        """
        paths = sorted(f"/{path.parent.name}" for path in ROOT.glob("events/*/json.json"))
        with ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(self._knock, [*paths, "/balance_gate"]))

    def _knock(self, path: str) -> None:
        """One request without a token: it is refused, after everything was imported."""
        address = urlsplit(self.url + path)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            connection.request("POST", address.path, b"{}", {"content-type": "application/json"})
            connection.getresponse().read()
        finally:
            connection.close()

    def save(self) -> None:
        """Write down where this stack is, for `make down` and for tests that find it running."""
        FOLDER.mkdir(exist_ok=True)
        document = {
            "pid": self.emulator.pid,
            "port": self.emulator.port,
            "temporary": str(self.emulator.temporary) if self.emulator.temporary else "",
            "api_id": self.api_id,
            "public_url": self.public_url,
            "outputs": self.outputs,
        }
        (FOLDER / "stack.json").write_text(json.dumps(document, indent=2))

    @classmethod
    def running(cls) -> Stack | None:
        """Return the stack `make up` left running, or None.

        Raises:
            StackError: Its process is there and does not answer.
        """
        stack = cls.saved()
        if stack is None:
            return None
        emulator = stack.emulator
        if not emulator.answers():
            raise StackError(
                f"the local AWS on port {emulator.port} (process {emulator.pid}) does not answer: "
                "`make down` ends it, `make up` starts another"
            )
        return stack

    @classmethod
    def saved(cls) -> Stack | None:
        """Return the stack `make up` wrote down, if its process still listens."""
        try:
            document = json.loads((FOLDER / "stack.json").read_text())
        except (OSError, ValueError):
            return None
        temporary = Path(document["temporary"]) if document.get("temporary") else None
        emulator = Emulator(pid=document["pid"], port=document["port"], temporary=temporary)
        if not emulator.alive():
            return None
        return cls(emulator, document["api_id"], document["outputs"], document.get("public_url", PUBLIC_URL))

    def stop(self) -> None:
        """End the emulator; everything deployed on it is gone."""
        self.emulator.stop()
        (FOLDER / "stack.json").unlink(missing_ok=True)


def function_environment(emulator: Emulator, tables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a function; `tables` by their logical ids in template.yaml."""
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    return {
        **credentials(),
        "AWS_ENDPOINT_URL": emulator.url,
        "PIVOT_STAGE": "local",
        "PIVOT_PUBLIC_URL": PUBLIC_URL,
        "PIVOT_PARAMETER_PREFIX": PARAMETER_PREFIX,
        **{name: tables[made(value)["Ref"]] for name, value in variables.items() if name.endswith("_TABLE")},
    }


def sam_environment() -> dict[str, str]:
    """Return the environment the SAM command line runs in: no telemetry, no account but the emulator's."""
    return {
        **_without_aws(os.environ),
        **credentials(),
        "SAM_CLI_TELEMETRY": "0",
        "PYTHON": sys.executable,
        "SAM_CLI_POLL_DELAY": "0.2",
        # A .pyc in a function's folder would change its archive, and so deploy it again.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run_sam(command: str, *arguments: str, endpoint: str | None = None) -> None:
    """Run the SAM command line for the local stack; its output is kept in .stack/.

    Raises:
        StackError: It failed; the last line of the message names the cause and the log.
    """
    FOLDER.mkdir(exist_ok=True)
    environment = sam_environment()
    if endpoint:
        environment["AWS_ENDPOINT_URL"] = endpoint
    log = FOLDER / f"sam-{command}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [ROOT / ".venv-sam" / "bin" / "sam", command, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise StackError(failure(f"sam {command}", log))


def failure(command: str, log: Path) -> str:
    """Return the message for a program that failed: its last lines, then the cause and where all of it is."""
    text = log.read_text(errors="replace").expandtabs()
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    causes = [
        line.strip() for line in lines if re.search(r"error:|caused by|denied|could not", line, re.IGNORECASE)
    ]
    last = "\n".join(lines[-20:])
    cause = causes[-1] if causes else lines[-1].strip() if lines else "no output"
    return f"{last}\n`{command}` failed: {cause} (all of it is in {log})"
