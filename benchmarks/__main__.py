"""Run every `*_bench.py` of this folder: JSON lines on standard output, a table on standard error.

python -m benchmarks cold menus            the modules whose names contain these words
python -m benchmarks --compare FILE        with what FILE, the output of an earlier run, says
python -m benchmarks --page FILE           no measuring: write docs/performance.md from FILE
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.page import write_page

ONE = "--one"


def lines(only: list[str]) -> Iterator[str]:
    """Yield the machine, then the figures of every module, or of those named by `only`, as JSON.

    Each module has a process of its own: what one imported or cached would be another's head start.
    """
    yield json.dumps({"machine": machine()}) + "\n"
    for path in sorted(Path(__file__).parent.glob("*_bench.py")):
        if only and not any(word in path.stem for word in only):
            continue
        command = [sys.executable, "-m", "benchmarks", ONE, path.stem]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            yield from process.stdout
        if process.returncode:
            sys.exit(f"{path.stem} failed")


def machine() -> dict[str, Any]:
    """Return what the figures depend on beside the code: processor, load, Python, and the commit."""
    cpuinfo = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (cpuinfo.read_text().splitlines() if cpuinfo.exists() else ())
        if line.startswith("model name")
    ]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the machine and the figures that an earlier run printed."""
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{")]
    return next((row["machine"] for row in rows if "machine" in row), {}), [
        row for row in rows if "machine" not in row
    ]


def measure(only: list[str], before: dict[str, dict[str, Any]]) -> None:
    """Print each figure as it comes, then the table."""
    console = Console(stderr=True)
    headings = ["figure", "value", "baseline", "ratio", *(["before", "change"] if before else [])]
    table = Table(*headings, title="pivot-lambda benchmark")
    with console.status("measuring"):
        for line in lines(only):
            print(line, end="", flush=True)
            figure = json.loads(line)
            if "machine" not in figure:
                table.add_row(*_row(figure), *(_change(figure, before) if before else ()))
    console.print(table)


def _row(figure: dict[str, Any]) -> tuple[str, str, str, str]:
    value, unit = figure["value"], figure["unit"]
    if figure["ratio"] is None:
        return figure["name"], f"{value:.1f} {unit}", "", ""
    baseline = f"{figure['baseline']:.1f} {unit} ({figure['baseline_name']})"
    return figure["name"], f"{value:.1f} {unit}", baseline, f"{figure['ratio']:.2f}"


def _change(figure: dict[str, Any], before: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """Return the ratio where both runs have one, since machines and their load differ; else the value."""
    earlier = before.get(figure["name"])
    if earlier is None:
        return "", "new"
    kind = "value" if figure["ratio"] is None or earlier["ratio"] is None else "ratio"
    was, now = earlier[kind], figure[kind]
    return f"{kind} {was:.2f}", f"{(now / was - 1) * 100:+.0f} %" if was else ""


def main() -> None:
    """Measure, or write the page."""
    if sys.argv[1:2] == [ONE]:
        # What handlers log on standard output would stand between the figures.
        output = sys.stdout
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # noqa: PTH123
            for figure in importlib.import_module(f"benchmarks.{sys.argv[2]}").figures():
                print(figure.to_json(), file=output, flush=True)
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("only", nargs="*", help="words in the names of the modules to run; all by default")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="the output of an earlier run")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="write docs/performance.md from this output"
    )
    chosen = parser.parse_args()
    if chosen.page:
        write_page(*read(chosen.page))
        return
    before = read(chosen.compare)[1] if chosen.compare else []
    measure(chosen.only, {figure["name"]: figure for figure in before})


if __name__ == "__main__":
    main()
