"""Run every `*_bench.py` of this folder: JSON lines on standard output, a table on standard error."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.table import Table

ONE = "--one"


def lines(only: list[str]) -> Iterator[str]:
    """Yield the figures of every module, or of those whose name contains one of `only`, as JSON.

    Each module has a process of its own: what one imported or cached would be another's head start.
    """
    for path in sorted(Path(__file__).parent.glob("*_bench.py")):
        if only and not any(word in path.stem for word in only):
            continue
        command = [sys.executable, "-m", "benchmarks", ONE, path.stem]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            yield from process.stdout
        if process.returncode:
            sys.exit(f"{path.stem} failed")


def main() -> None:
    """Measure, print each figure as it comes, then the table."""
    if sys.argv[1:2] == [ONE]:
        # What handlers log on standard output would stand between the figures.
        output = sys.stdout
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # noqa: PTH123
            for figure in importlib.import_module(f"benchmarks.{sys.argv[2]}").figures():
                print(figure.to_json(), file=output, flush=True)
        return
    console = Console(stderr=True)
    table = Table("figure", "value", "baseline", "ratio", title="pivot-lambda benchmark")
    with console.status("measuring"):
        for line in lines(sys.argv[1:]):
            print(line, end="", flush=True)
            figure = json.loads(line)
            value, unit = figure["value"], figure["unit"]
            has_baseline = figure["ratio"] is not None
            baseline = f"{figure['baseline']:.1f} {unit} ({figure['baseline_name']})" if has_baseline else ""
            ratio = f"{figure['ratio']:.2f}" if has_baseline else ""
            table.add_row(figure["name"], f"{value:.1f} {unit}", baseline, ratio)
    console.print(table)


if __name__ == "__main__":
    main()
