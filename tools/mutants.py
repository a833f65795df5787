"""Mutation testing, package by package: `python -m tools.mutants [PACKAGE ...] [--sample N] [--report]`.

mutmut changes one thing in a function and runs the tests that reach it. A change that no test notices has
survived. mutmut needs module names that are paths, so each package is tested in a copy of the project below
`.mutants/`, with every import root at its top. A stopped run resumes: results stay until code changes. A
whole package takes hours; `--sample 100` tests a hundred of its mutants, the same ones each time. What only
a store can show needs `--emulator`.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".mutants"
MUTMUT = Path(sys.executable).parent / "mutmut"
# Package: what is changed, and the tests that should notice.
PACKAGES = {
    "ledger": ("pivot_app/ledger", ("tests/ledger", "tests/functions")),
    "menus": ("pivot_app/menus", ("tests/menus", "tests/routing")),
    "routing": ("pivot_app/routing", ("tests/routing", "tests/menus")),
    "identity": ("pivot_app/identity", ("tests/identity", "tests/functions", "tests/menus")),
    "actions": ("pivot_app/actions", ("tests/menus", "tests/routing")),
    "kazoo_pivot": ("kazoo_pivot", ("tests/kazoo_pivot",)),
}
ROOTS = {
    "kazoo_callflow": "layers/kazoo/kazoo_callflow",
    "kazoo_pivot": "layers/kazoo/kazoo_pivot",
    "pivot_app": "layers/application/pivot_app",
    **{
        name: name
        for name in ("kazoo_simulator", "pivotctl", "functions", "examples", "events", "docs", "tests")
    },
}
FILES = ("template.yaml", "samconfig.toml", "README.md", "Makefile", "pyproject.toml")
# The first runs the checks of a whole clone, which a changed copy does not pass; the second counts functions,
# of which mutmut makes several of each.
IGNORED = (
    "--ignore=tests/kazoo_pivot/test_new.py",
    "--deselect=tests/menus/test_answers.py::test_a_key_press_passes_few_functions_and_is_rendered_once",
)
NOT_ALONE = "not stack and not browser and not docker"
# mutmut's exit codes of a test run, by their meaning for the mutant.
SURVIVED, UNTESTED = {0}, {5, 33}


def prepare(package: str, *, emulator: bool) -> Path:
    """Copy the project as mutmut needs it; return the folder. Results of earlier runs stay."""
    folder = WORK / package
    folder.mkdir(parents=True, exist_ok=True)
    ignore = shutil.ignore_patterns("__pycache__", ".*")
    for name, place in ROOTS.items():
        source = place or name
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / source, folder / name, ignore=ignore)
        # The tests find files where they are in the project, too.
        if source != name:
            (folder / source).parent.mkdir(parents=True, exist_ok=True)
            (folder / source).unlink(missing_ok=True)
            (folder / source).symlink_to(folder / name)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    # Tests on the local AWS are skipped where it is not installed: they take seconds for each mutant.
    (folder / "mutants").mkdir(exist_ok=True)
    installed = folder / "mutants" / ".venv-emulator"
    installed.unlink(missing_ok=True)
    if emulator:
        installed.symlink_to(ROOT / ".venv-emulator")
    changed, tests = PACKAGES[package]
    settings = {
        "source_paths": [changed.partition("/")[0]],
        "only_mutate": [f"{changed}/*"],
        "do_not_mutate": ["*/_generated/*"],
        "also_copy": [name for name in (*ROOTS, "layers", *FILES) if name != changed.partition("/")[0]],
        "pytest_add_cli_args": ["-x", "-q", "-m", NOT_ALONE, "-p", "no:cacheprovider", *IGNORED],
        "pytest_add_cli_args_test_selection": list(tests),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    with (folder / "pyproject.toml").open("a") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")
    return folder


def sample(package: str, number: int) -> list[str]:
    """Return so many mutants of a package, the same ones each time, without those that ran already."""
    # mutmut writes the mutants before it finds that none has this name.
    subprocess.run([MUTMUT, "run", "none"], cwd=WORK / package, check=False, capture_output=True)
    codes = results(package)
    chosen = random.Random(package).sample(sorted(codes), min(number, len(codes)))  # noqa: S311
    return [name for name in chosen if codes[name] is None]


def results(package: str) -> dict[str, int | None]:
    """Return mutant to exit code of its test run, None for those that did not run yet."""
    found: dict[str, int | None] = {}
    for meta in (WORK / package / "mutants").rglob("*.meta"):
        found |= json.loads(meta.read_text())["exit_code_by_key"]
    return found


def report(package: str) -> str:
    """Return one line about a package, then its survivors."""
    codes = results(package)
    counts = Counter(
        "left" if code is None
        else "survived" if code in SURVIVED
        else "untested" if code in UNTESTED
        else "killed"
        for code in codes.values()
    )  # fmt: skip
    decided = counts["killed"] + counts["survived"] + counts["untested"]
    percent = 100 * counts["killed"] / decided if decided else 0.0
    line = f"{package:12} {percent:5.1f} % killed of {decided}; {counts['left']} left to run"
    return "\n".join([line, *(f"  survived: {name}" for name, code in codes.items() if code in SURVIVED)])


def main() -> None:
    """Run and report the packages that are named, or all."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("packages", nargs="*", choices=[*PACKAGES, []], help="all of them, if none is named")
    parser.add_argument("--sample", type=int, metavar="N", help="test N mutants of each package, not all")
    parser.add_argument("--emulator", action="store_true", help="run the tests on the local AWS, too")
    parser.add_argument("--jobs", type=int, default=1, help="how many mutants are tested at once")
    parser.add_argument("--report", action="store_true", help="only print what earlier runs found")
    given = parser.parse_args()
    for package in given.packages or PACKAGES:
        if not given.report:
            print(f"{package}: mutmut runs; stop it at any time, the next run goes on", flush=True)
            folder = prepare(package, emulator=given.emulator)
            names = sample(package, given.sample) if given.sample else []
            if names or not given.sample:
                command = [str(MUTMUT), "run", "--max-children", str(given.jobs), *names]
                subprocess.run(command, cwd=folder, check=False)
        print(report(package), flush=True)


if __name__ == "__main__":
    main()
