"""Import arrows point one way, and no file outgrows its reader."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ROOT / "layers"
CALLFLOW = LAYERS / "kazoo" / "kazoo_callflow"
PIVOT = LAYERS / "kazoo" / "kazoo_pivot"
APPLICATION = LAYERS / "application" / "pivot_app"
NEVER_DEPLOYED = {"boto3", "kazoo_simulator", "pivotctl", "functions", "tests"}


def imported(path: Path) -> set[str]:
    """Return the top-level names a module imports anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def imports_of(folder: Path) -> set[str]:
    """Return what the modules below a folder import."""
    return set().union(*(imported(path) for path in folder.rglob("*.py")))


def test_callflow_knows_nothing_of_ours_and_no_aws() -> None:
    """`kazoo_callflow` can be published on its own."""
    assert not imports_of(CALLFLOW) & {"kazoo_pivot", "pivot_app", "botocore", "aws_lambda_powertools"}


def test_the_contract_does_not_know_the_application() -> None:
    """`kazoo_pivot` serves every application and imports none."""
    assert "pivot_app" not in imports_of(PIVOT)


@pytest.mark.parametrize("package", [CALLFLOW, PIVOT, APPLICATION], ids=lambda path: path.name)
def test_a_layer_never_imports_what_is_not_deployed(package: Path) -> None:
    """The simulator, the command and the tests stay on the developer's machine."""
    assert not imports_of(package) & NEVER_DEPLOYED
