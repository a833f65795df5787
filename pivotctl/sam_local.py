"""Every function with each of its events through `sam local invoke`, where a Docker engine answers.

The containers reach the tables and parameters of a local stack of their own.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

from rich.console import Console

import kazoo_callflow as callflow
from pivotctl.local_stack import BUILD, REGION, Emulator, Stack, sam_environment, template
from pivotctl.local_stack.demo_data import seed

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = BUILD / "sam-local.json"
console = Console()


def main() -> int:
    """Invoke all events; the exit code is how many answers were wrong."""
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        console.print("skipped: no Docker engine answers here (`sam local` needs one)")
        return 0
    emulator = Emulator.start(ROOT / ".stack" / "sam-local.log", host=_seen_by_containers())
    try:
        stack = Stack.deploy(emulator, progress=lambda step: console.print(f"  {step}"))
        seed(emulator, stack.outputs)
        _write_template(stack)
        return sum(not _invoke(stack, name, event) for name, event in _events())
    finally:
        emulator.stop()


def _seen_by_containers() -> str:
    """Return the address of this machine for a container: the bridge on Linux, else loopback."""
    if platform.system() != "Linux":
        return "127.0.0.1"
    form = "{{range .IPAM.Config}}{{.Gateway}}{{end}}"
    inspected = subprocess.run(
        ["docker", "network", "inspect", "bridge", "--format", form],
        capture_output=True,
        text=True,
        check=True,
    )
    return inspected.stdout.strip() or "172.17.0.1"


def _events() -> list[tuple[str, Path]]:
    """Return each function's logical id with each of its event files."""
    functions = {
        Path(resource["Properties"]["CodeUri"]).name: name
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function" and "Condition" not in resource
    }
    return [(functions[path.parent.name], path) for path in sorted(ROOT.glob("events/*/*.json"))]


def _write_template(stack: Stack) -> None:
    """Write the built template with this stack's environment: SAM passes only variables of the template."""
    document = template(TEMPLATE.with_name("template.yaml"))
    environment = stack.environment()
    endpoint = environment["AWS_ENDPOINT_URL"].replace("127.0.0.1", "host.docker.internal")
    document["Globals"]["Function"]["Environment"]["Variables"] |= environment | {
        "AWS_ENDPOINT_URL": endpoint
    }
    TEMPLATE.write_text(json.dumps(document))


def _invoke(stack: Stack, function: str, event: Path) -> bool:
    done = subprocess.run(
        [
            *(ROOT / ".venv-sam" / "bin" / "sam", "local", "invoke", function, "--event", event),
            *("--template", TEMPLATE, "--region", REGION),
            *(("--skip-pull-image",) if _has_image() else ()),
            *("--parameter-overrides", *stack.parameters()),
        ],
        cwd=ROOT,
        # With credentials of ours in its environment, SAM would look them up in the metadata service first.
        env={name: value for name, value in sam_environment().items() if not name.startswith("AWS_")},
        capture_output=True,
        text=True,
        check=False,
    )
    problem = done.stderr[-2000:] if done.returncode or not done.stdout.strip() else _wrong(done.stdout)
    if problem is None and '"outcome":"fallback"' in done.stdout + done.stderr:
        problem = "the callback's fallback answered\n" + (done.stdout + done.stderr)[-2000:]
    name = f"{function} {event.parent.name}/{event.name}"
    console.print(f"[red]✗[/] {name}" if problem else f"[green]✓[/] {name}")
    if problem:
        console.print(problem, markup=False, highlight=False)
    return not problem


def _has_image() -> bool:
    """Return whether the runtime's base image is here already, pulled or built by hand."""
    runtime = f"{sys.version_info.major}.{sys.version_info.minor}"
    listed = subprocess.run(
        ["docker", "images", "--quiet", "--filter", f"reference=public.ecr.aws/lambda/python:{runtime}*"],
        capture_output=True,
        text=True,
        check=False,
    )
    return bool(listed.stdout.strip())


def _wrong(output: str) -> str | None:
    """Return what is wrong with an answer, or None; functions without Pivot have their own form of answer."""
    try:
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        if failed := answer.get("batchItemFailures"):
            return f"messages failed: {failed}"
        if "errorMessage" in answer or answer.get("statusCode", 200) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return json.dumps(answer)
        if '"module"' not in str(answer.get("body")):
            return None
        problems = callflow.validate(json.loads(answer["body"]), kazoo="4.3")
    except (ValueError, LookupError) as error:
        return f"{error!r} in {output[-2000:]}"
    return "; ".join(problem.message for problem in problems) or None


if __name__ == "__main__":
    sys.exit(main())
