"""Import arrows point one way, and no file outgrows its reader."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYER = ROOT / "layers" / "shared"
PACKAGES = sorted(path.name for path in LAYER.iterdir() if (path / "__init__.py").exists())
DOMAIN = set(PACKAGES) - {"callflow", "pivot"}
NEVER_IN_THE_LAYER = {"boto3", "kazoo_simulator", "pivotctl", "functions", "tests"}


def imported(path: Path) -> set[str]:
    """The top-level names a module imports anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def imports_of(package: str) -> set[str]:
    """What the modules of a package import."""
    return set().union(*(imported(path) for path in (LAYER / package).rglob("*.py")))


def test_callflow_knows_nothing_of_ours_and_no_aws() -> None:
    """`callflow` could be published on its own."""
    assert not imports_of("callflow") & (set(PACKAGES) - {"callflow"} | {"botocore", "aws_lambda_powertools"})


def test_the_contract_knows_no_domain() -> None:
    """`pivot` serves every domain and imports none."""
    assert not imports_of("pivot") & DOMAIN


@pytest.mark.parametrize("package", PACKAGES)
def test_the_layer_never_imports_what_is_not_deployed(package: str) -> None:
    """The simulator, the command and the tests stay on the developer's machine."""
    assert not imports_of(package) & NEVER_IN_THE_LAYER


def test_the_layer_ships_every_package() -> None:
    """A package missing from the layer's Makefile would fail on the first call only."""
    line = next(line for line in (LAYER / "Makefile").read_text().splitlines() if line.startswith("PACKAGES"))
    assert sorted(line.split("=")[1].split()) == PACKAGES
