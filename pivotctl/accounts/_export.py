"""Statements as CSV, JSON lines and Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pivotctl.accounts._console import show_csv
from pivotctl.accounts._entries import COLUMNS, Line
from pivotctl.errors import UserError

BATCH = 10_000
_TEXTS = frozenset(
    {
        *("account_id", "currency", "entry_id", "kind", "reference", "note", "call_id", "caller"),
        *("destination", "billed_leg", "prefix", "plan", "legs"),
    }
)
_TRUTHS = frozenset({"overrun", "is_estimate"})


def as_csv(lines: Iterable[Line]) -> None:
    """Print lines as CSV; the legs of a call as JSON in one cell."""
    show_csv(COLUMNS, map(flat, lines))


def flat(line: Line) -> dict[str, Any]:
    """A line whose legs are a text."""
    facts = line.to_map()
    return facts | {"legs": json.dumps(facts["legs"], separators=(",", ":")) if facts["legs"] else ""}


def write_parquet(lines: Iterable[Line], path: Path) -> int:
    """Write lines to a Parquet file; how many there were.

    Raises:
        UserError: The library for it is not installed.
    """
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError:
        raise UserError("Parquet needs pyarrow: pip install 'pivot-lambda[parquet]'") from None

    def type_of(name: str) -> Any:
        return arrow.string() if name in _TEXTS else arrow.bool_() if name in _TRUTHS else arrow.int64()

    schema = arrow.schema([(name, type_of(name)) for name in COLUMNS])
    count = 0
    with path.open("wb") as file, parquet.ParquetWriter(file, schema) as writer:
        for batch in _batches(map(flat, lines)):
            writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
