"""The built layers are complete: nothing of a function's imports comes from somewhere else by chance."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pivotctl.local_stack import Stack

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))
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
    build = ROOT / ".aws-sam" / "build"
    path = [
        ROOT / "functions" / function,
        build / "DependenciesLayer" / "python",
        build / "KazooLayer" / "python",
        build / "ApplicationLayer" / "python",
        runtime,
    ]
    program = f"import sys; sys.path[:0] = {[str(each) for each in path]!r}; import app; app.handler.__call__"
    done = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-I", "-S", "-B", "-c", program],
        env={**stack.environment(), "AWS_LAMBDA_FUNCTION_NAME": function},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
