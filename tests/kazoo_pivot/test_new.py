"""`pivot new`: a new callback is whole from the start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pivotctl.new import NewError, scaffold

ROOT = Path(__file__).resolve().parents[2]
IGNORED = shutil.ignore_patterns(".*", "__pycache__")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project, as a developer has it, with its environments."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=IGNORED)
    for environment in (".venv", ".venv-emulator"):
        if (ROOT / environment).exists():
            (copy / environment).symlink_to(ROOT / environment)
    return copy


def run(copy: Path, *command: str) -> None:
    """Run one of `make check`'s commands in the copy."""
    environment = os.environ | {"PYTHONPATH": f"{copy}:{copy / 'layers/kazoo'}:{copy / 'layers/application'}"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_callback_passes_the_checks(copy: Path) -> None:
    """Format, lint, template and tests: its own, those of its events, those of the template."""
    tables = ("callers", "accounts", "documents")
    written = scaffold("callback_of_this_test", "Says when someone is there", copy, tables)
    names = {str(path.relative_to(copy)) for path in written}
    assert names == {
        "docs/callbacks.md",
        "events/callback_of_this_test/form.json",
        "events/callback_of_this_test/get.json",
        "events/callback_of_this_test/json.json",
        "functions/callback_of_this_test/app.py",
        "template.yaml",
        "tests/functions/test_callback_of_this_test.py",
    }
    run(copy, "-m", "ruff", "format", "--check", *sorted(name for name in names if name.endswith(".py")))
    run(copy, "-m", "ruff", "check", "functions", "tests/functions")
    run(copy, "-c", "from cfnlint.runner import main; main()", "template.yaml")
    run(
        copy,
        "-m",
        "pytest",
        "-q",
        "tests/functions/test_callback_of_this_test.py",
        "tests/functions/test_events.py",
        "tests/stack/test_template.py",
        "tests/test_architecture.py",
    )


@pytest.mark.parametrize("name", ["", "OpeningHours", "opening-hours", "1st", "a__b", "../x", "x" * 41])
def test_odd_names_are_refused(copy: Path, name: str) -> None:
    """A name becomes a folder, a path and a logical id."""
    with pytest.raises(NewError, match="lower-case"):
        scaffold(name, "", copy)


def test_what_is_there_is_never_overwritten(copy: Path) -> None:
    """An existing callback stays as it is."""
    before = (copy / "functions/account_balance/app.py").read_text()
    with pytest.raises(NewError, match="already"):
        scaffold("account_balance", "", copy)
    assert (copy / "functions/account_balance/app.py").read_text() == before


def test_every_callback_has_its_line_in_the_docs() -> None:
    """The list in docs/callbacks.md is whole."""
    page = (ROOT / "docs/callbacks.md").read_text()
    for app in ROOT.glob("functions/*/app.py"):
        if "@callback(" in app.read_text():
            assert f"`/{app.parent.name}`" in page


def test_a_name_the_template_has_for_something_else_is_refused(copy: Path) -> None:
    """Two resources of one logical id would silently be one."""
    with pytest.raises(NewError, match="taken"):
        scaffold("live_debug_web", "", copy)


def test_a_callback_may_read_what_it_is_said_to_read(copy: Path) -> None:
    """Its role has a policy for each table; another word is refused with those there are."""
    scaffold("reads_callers", "", copy, ("callers",))
    template = (copy / "template.yaml").read_text()
    function = template[
        template.index("ReadsCallersFunction:") : template.index("ReadsCallersLogs:\n    Type")
    ]
    assert "{Effect: Allow, Action: [dynamodb:GetItem], Resource: *CallersTableArn}" in function
    assert "AccountsTable" not in function
    with pytest.raises(NewError, match="callers, accounts, documents"):
        scaffold("reads_more", "", copy, ("rates",))
