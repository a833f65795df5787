"""Run every `*_bench.py` of this folder: JSON lines on standard output, a table on standard error."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure


def figures(only: list[str]) -> Iterator[Figure]:
    """The figures of every module, or of those whose name contains one of `only`."""
    for path in sorted(Path(__file__).parent.glob("*_bench.py")):
        if not only or any(word in path.stem for word in only):
            module = importlib.import_module(f"benchmarks.{path.stem}")
            yield from module.figures()


def main() -> None:
    """Measure, print each figure as it comes, then the table."""
    console = Console(stderr=True)
    table = Table("figure", "value", "baseline", "ratio", title="pivot-lambda benchmark")
    with console.status("measuring"):
        for figure in figures(sys.argv[1:]):
            print(figure.to_json(), flush=True)
            baseline = (
                f"{figure.baseline:.1f} {figure.unit} ({figure.baseline_name})" if figure.baseline else ""
            )
            ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
            table.add_row(figure.name, f"{figure.value:.1f} {figure.unit}", baseline, ratio)
    console.print(table)


if __name__ == "__main__":
    main()
