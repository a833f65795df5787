"""The built layers are complete: nothing of a function's imports comes from somewhere else by chance."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pivotctl.local_stack import BUILD, Stack

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))
LAYERS = ("DependenciesLayer", "KazooLayer", "ApplicationLayer")
QUEUES = {"CALL_ENDED_QUEUE": "http://127.0.0.1:1/none"}
# What the Lambda runtime itself brings.
RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the runtime's own packages and no others."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin)
        source = source.parent if source.name == "__init__.py" else source
        (folder / source.name).symlink_to(source)
    return folder


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_from_the_layers_alone(stack: Stack, runtime: Path, function: str) -> None:
    """As on AWS: the function's folder, the layers, the runtime's packages, and no site-packages."""
    path = [ROOT / "functions" / function, *(BUILD / layer / "python" for layer in LAYERS), runtime]
    program = f"import sys; sys.path[:0] = {[str(each) for each in path]!r}; import app; app.handler.__call__"
    done = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-B", "-c", program],
        env={**stack.environment(), "AWS_LAMBDA_FUNCTION_NAME": function},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("event", sorted(ROOT.glob("events/*/json.json")), ids=lambda path: path.parent.name)
def test_a_function_answers_from_the_layers_alone(stack: Stack, runtime: Path, event: Path) -> None:
    """A whole request, not the imports alone: what is imported late is in the layers, too."""
    function = event.parent.name
    path = [ROOT / "functions" / function, *(BUILD / layer / "python" for layer in LAYERS), runtime]
    program = (
        f"import sys, json; sys.path[:0] = {[str(each) for each in path]!r}; import app; "
        f"answer = app.handler(json.load(open({str(event)!r})), None); "
        "assert answer['statusCode'] < 500, answer"
    )
    done = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-B", "-c", program],
        env={**stack.environment(), "AWS_LAMBDA_FUNCTION_NAME": function, **QUEUES},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ModuleNotFoundError" not in done.stdout + done.stderr


def test_the_layers_are_pure_python(stack: Stack) -> None:
    """No file is for one processor or one Python."""
    assert not [path for path in BUILD.rglob("*") if path.suffix in (".so", ".pyd", ".dylib")]


def test_the_layer_ships_what_the_sdk_reads_while_a_function_starts(stack: Stack) -> None:
    """Written by the layer's Makefile with the Python that builds it."""
    data = BUILD / "ApplicationLayer" / "python" / "pivot_app" / "aws" / "sdk_data"
    assert {path.name for path in data.iterdir()} >= {"dynamodb", "ssm", "sqs", "endpoints.json"}
