"""A function as Lambda starts it: its layers as they ship, the runtime's own packages, nothing written.

The Runtime Interface Emulator that the SAM command line brings starts it.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {"dependencies": "DependenciesLayer", "kazoo": "KazooLayer", "application": "ApplicationLayer"}
BENCH_PACKAGES = ROOT / ".venv-bench/lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
# What the Lambda runtime brings: the SDK, and its own loop of taking requests and giving answers.
SDK = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
RUNTIME_CLIENT = ("awslambdaric", "simplejson", "snapshot_restore_py", "runtime_client")
PYTHON = getattr(sys, "_base_executable", sys.executable)


class NotMeasuredError(Exception):
    """An instance did not answer as it should; the message ends with its log."""


class Place:
    """A folder with what an instance has under /opt, /var/runtime and /var/task.

    The layers are built by their own Makefiles, with files compiled for this interpreter, which stands for
    the runtime's. The certificate of the stand-in is added to the roots that the SDK and the application
    trust.
    """

    def __init__(self, folder: Path, certificate: Path) -> None:
        self.folder = folder
        self.layers = folder / "opt"
        self.runtime = folder / "runtime"
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        for layer, name in LAYERS.items():
            subprocess.run(
                [
                    "make",
                    "--silent",
                    "-C",
                    ROOT / "layers" / layer,
                    f"build-{name}",
                    f"LAMBDA_PYTHON={version}",
                    f"PYTHON={sys.executable}",
                ],
                env={**os.environ, "ARTIFACTS_DIR": str(self.layers)},
                check=True,
                stdout=sys.stderr,
            )
        for name in SDK:
            _copy(Path(str(_spec_origin(name))), self.runtime)
        for name in RUNTIME_CLIENT:
            for path in BENCH_PACKAGES.glob(f"{name}*"):
                if ".dist-info" not in path.name:
                    _copy(path, self.runtime)
        shutil.copy(ROOT / "benchmarks" / "in_lambda.py", self.runtime)
        for bundle in (self.layers / "python").rglob("*.pem"):
            _trust(bundle, certificate)
        _trust(self.runtime / "botocore" / "cacert.pem", certificate)
        subprocess.run([PYTHON, "-m", "compileall", "-q", self.runtime], check=True, stdout=sys.stderr)

    def task(self, name: str, source: Path, **files: str) -> Path:
        """Make the folder of a function, with further files, and return it."""
        folder = self.folder / "task" / name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / "app.py")
        for file, text in files.items():
            (folder / file.replace("__", ".")).write_text(text)
        return folder

    def first_answer(
        self, task: Path, event: Any, environment: Mapping[str, str], *, layers: bool = True
    ) -> dict[str, float]:
        """Start an instance, ask it once, end it; return what the answer took.

        Raises:
            NotMeasuredError: The answer was not 200.
        """
        path = [self.runtime, task, *([self.layers / "python"] if layers else []), self.runtime]
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            took = Path(scratch) / "took.json"
            settings = {
                **environment,
                "PATH": os.environ["PATH"],
                "PYTHONPATH": ":".join(map(str, path[1:])),
                "PYTHONDONTWRITEBYTECODE": "1",
                "LAMBDA_TASK_ROOT": str(task),
                "AWS_LAMBDA_FUNCTION_NAME": task.name,
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
                "BENCH_TOOK": str(took),
            }
            log = Path(scratch) / "log"
            wall = _ask(settings, event, task, log)
            if not took.exists():
                raise NotMeasuredError(f"{task.name}: {log.read_text()[-3000:]}")
            return {**json.loads(took.read_text()), "answer_ms": wall}


def _ask(settings: Mapping[str, str], event: Any, task: Path, log: Path) -> float:
    """Return the milliseconds from the request to the answer, the interpreter's start included."""
    port, api = _free_port(), _free_port()
    command = [
        _emulator(),
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{api}"),
        *(PYTHON, "-S", "-m", "awslambdaric", "in_lambda.handler"),
    ]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, env=dict(settings), cwd=task, stdout=output, stderr=output, start_new_session=True
        ) as process,
    ):
        try:
            _wait_for(port)
            url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
            start = time.perf_counter()
            with urllib.request.urlopen(url, json.dumps(event).encode(), timeout=30) as answered:
                answer = json.load(answered)
            wall = (time.perf_counter() - start) * 1000
        finally:
            process.terminate()
    if answer.get("statusCode") != 200:
        raise NotMeasuredError(f"{task.name} answered {answer}\n{log.read_text()[-3000:]}")
    return wall


def _emulator() -> str:
    folder = next((ROOT / ".venv-sam" / "lib").glob("python3*/site-packages/samcli/local/rapid"))
    kind = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    return str(folder / f"aws-lambda-rie-{kind}")


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise NotMeasuredError("the Runtime Interface Emulator did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _spec_origin(name: str) -> str | None:
    spec = find_spec(name)
    return spec.origin if spec else None


def _copy(source: Path, folder: Path) -> None:
    if source.name == "__init__.py":
        source = source.parent
    if source.is_dir():
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder)


def _trust(bundle: Path, certificate: Path) -> None:
    bundle.write_text(bundle.read_text() + "\n" + certificate.read_text())
