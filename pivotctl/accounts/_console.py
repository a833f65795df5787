"""Printing: piped text is never wrapped, cut or coloured."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO, TypeVar

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from pivotctl.text import printable

Item = TypeVar("Item")


def show(what: str | Table) -> None:
    """Print a line, or a table as wide as it is: a terminal that is narrower wraps it itself."""
    if isinstance(what, str):
        typer.echo(printable(what))
        return
    for column in what.columns:
        # What strangers chose, such as a Call-ID, stands in cells.
        cells = [printable(cell) if isinstance(cell, str) else cell for cell in column.cells]
        column._cells = cells  # noqa: SLF001 - rich has no public way to change a table that is made
    wide = Console(highlight=False, width=10_000)
    needed = Measurement.get(wide, wide.options, what).maximum
    console = Console(highlight=False)
    Console(highlight=False, width=max(console.width, needed)).print(what)


def progress(work: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """Go through work with a bar on a terminal, and nothing elsewhere."""
    from rich.progress import track

    console, is_shown = Console(stderr=True), sys.stderr.isatty()
    return track(work, what, total=total, console=console, transient=True, disable=not is_shown)


def show_json(document: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def show_json_lines(documents: Iterable[Any]) -> None:
    """Print a JSON document a line."""
    for document in documents:
        typer.echo(json.dumps(document, ensure_ascii=False))


def show_csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]], out: TextIO | None = None) -> None:
    """Print rows as CSV; what a row lacks is left empty."""
    names = list(columns)
    writer = csv.writer(out or sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name, "")) for name in names])


def _cell(value: Any) -> Any:
    """Spreadsheets run a cell that begins like a formula; a telephone number is none."""
    if not isinstance(value, str) or value[:1] not in {"=", "+", "-", "@", "\t", "\r"}:
        return value
    return value if value[:1] == "+" and value[1:].isdigit() and value.isascii() else f"'{value}"
