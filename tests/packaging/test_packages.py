"""Each distribution is built, installed into an empty environment, and used there as a stranger would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import packages

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".venv-uv" / "bin" / "uv"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the four wheels."""
    folder = tmp_path_factory.mktemp("dist")
    assert len(packages.build(folder)) == len(packages.DISTRIBUTIONS)
    return folder


class Environment:
    """An empty virtual environment far from the clone."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder, self._wheels = folder, wheels
        subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)

    def install(self, *requirements: str) -> None:
        """Install our wheels with what they need."""
        command = [UV, "pip", "install", "--quiet", "--python", self.folder / "venv"]
        done = subprocess.run(
            [*command, "--find-links", self._wheels, *requirements],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and "CI" not in os.environ:
            pytest.skip(f"no package index is in reach: {done.stderr.strip().splitlines()[-1]}")
        assert done.returncode == 0, done.stderr

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment in its folder."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [self.folder / "venv" / "bin" / command, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def python(self, code: str) -> str:
        """Return what a program prints; it must not fail."""
        done = self.run("python", "-I", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture
def environment(tmp_path: Path, wheels: Path) -> Environment:
    """An empty environment."""
    return Environment(tmp_path, wheels)


def test_callflow_needs_the_standard_library_only(environment: Environment) -> None:
    """Build and validate with nothing else installed; models ask for their extra in one sentence."""
    environment.install("kazoo-callflow")
    code = (
        "from kazoo_callflow import hangup, tts, validate; f = tts('Hi') >> hangup(); "
        "assert not validate(f); print(f.to_json())"
    )
    assert '"module":"tts"' in environment.python(code).replace(" ", "")
    done = environment.run("python", "-I", "-c", "import kazoo_callflow.models")
    assert "kazoo-callflow[models]" in done.stderr.splitlines()[-1]


def test_callflow_models_with_their_extra(environment: Environment) -> None:
    """A flow read as a typed model."""
    environment.install("kazoo-callflow[models]")
    node = "{'module': 'tts', 'data': {'text': 'Hi'}}"
    code = f"from kazoo_callflow import models; print(models.node({node}).data.text)"
    assert environment.python(code) == "Hi"


def test_pivot_needs_no_cloud(environment: Environment) -> None:
    """The contract imports no SDK."""
    environment.install("kazoo-pivot")
    code = (
        "import kazoo_pivot, sys; print([m for m in sys.modules if m.split('.')[0] in ('boto3','botocore')])"
    )
    assert environment.python(code) == "[]"


def test_the_fixture_plays_any_application_over_a_url(environment: Environment) -> None:
    """A plain install, an application of the standard library, a test of four lines."""
    environment.install("kazoo-simulator[pytest]")
    (environment.folder / "test_line.py").write_text(TEST_OF_A_STRANGER)
    done = environment.run("pytest", "-q", "test_line.py")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_runs_from_its_wheel(environment: Environment) -> None:
    """With its extra it works outside the clone."""
    environment.install("pivot-lambda[cli]")
    (environment.folder / "flow.json").write_text('{"module":"tts","data":{"text":"Hi"}}')
    done = environment.run("pivot", "validate", "flow.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Usage" in environment.run("pivot", "--help").stdout


def test_the_command_without_its_extra_says_so(environment: Environment) -> None:
    """One sentence, no traceback."""
    environment.install("pivot-lambda")
    done = environment.run("pivot", "--help")
    assert done.returncode != 0
    assert "pivot-lambda[cli]" in done.stderr
    assert "Traceback" not in done.stderr


TEST_OF_A_STRANGER = """
import json, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
import pytest
from kazoo_simulator import Http

class Line(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.dumps({"module": "tts", "data": {"text": "Hello from anywhere."}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST
    def log_message(self, *arguments): pass

@pytest.fixture
def kazoo_target():
    server = HTTPServer(("127.0.0.1", 0), Line)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Http(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()

def test_the_caller_is_greeted(kazoo):
    kazoo.call("+14155550123", "2000", path="/").hears("Hello from anywhere")
"""
