"""Every function with each of its events through `sam local invoke`, where a Docker engine answers.

The containers reach the tables and parameters of a local stack of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

import callflow
from pivotctl.local_stack import Emulator, Stack, sam_environment, template
from pivotctl.local_stack.demo_data import seed

ROOT = Path(__file__).resolve().parents[1]
console = Console()


def main() -> int:
    """Invoke all events; the exit code is how many answers were wrong."""
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        console.print("skipped: no Docker engine answers here (`sam local` needs one)")
        return 0
    emulator = Emulator.start(ROOT / ".stack" / "sam-local.log")
    try:
        stack = Stack.deploy(emulator, progress=lambda step: console.print(f"  {step}"))
        seed(emulator, stack.outputs)
        return sum(not _invoke(stack, name, event) for name, event in _events())
    finally:
        emulator.stop()


def _events() -> list[tuple[str, Path]]:
    """Each function's logical id with each of its event files."""
    functions = {
        Path(resource["Properties"]["CodeUri"]).name: name
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    return [(functions[path.parent.name], path) for path in sorted(ROOT.glob("events/*/*.json"))]


def _invoke(stack: Stack, function: str, event: Path) -> bool:
    variables = ROOT / ".stack" / "sam-local-variables.json"
    variables.write_text(json.dumps({"Parameters": stack.environment()}))
    done = subprocess.run(
        [
            *(ROOT / ".venv-sam" / "bin" / "sam", "local", "invoke", function, "--event", event),
            *("--env-vars", variables, "--docker-network", "host", "--skip-pull-image"),
            *("--parameter-overrides", *stack.parameters()),
        ],
        cwd=ROOT,
        env={**sam_environment(), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    problem = done.stderr[-2000:] if done.returncode else _wrong(done.stdout)
    name = f"{function} {event.parent.name}/{event.name}"
    console.print(f"[red]✗[/] {name}\n{problem}" if problem else f"[green]✓[/] {name}")
    return not problem


def _wrong(output: str) -> str | None:
    """What is wrong with an answer, or None."""
    try:
        answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
        if answer["statusCode"] != 200 or "module" not in answer["body"]:
            return (
                None
                if answer["statusCode"] == 200
                else f"status {answer['statusCode']}: {answer.get('body')}"
            )
        problems = callflow.validate(json.loads(answer["body"]), kazoo="4.3")
    except (ValueError, LookupError) as error:
        return f"{error!r} in {output[-2000:]}"
    return "; ".join(problem.message for problem in problems) or None


if __name__ == "__main__":
    sys.exit(main())
