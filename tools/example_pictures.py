"""Draws the documents of the examples: `python -m tools.example_pictures`."""

from __future__ import annotations

from pathlib import Path

from pivotctl.data import MenuDocument, RoutingDocument, read
from pivotctl.data._graph import graph_of, svg

ROOT = Path(__file__).resolve().parents[1]


def documents() -> list[Path]:
    """Return the examples' menus and rules."""
    return sorted(path for path in ROOT.glob("examples/*/*.yaml") if path.stem in ("menus", "routing"))


def picture_of(path: Path) -> Path:
    """Return where the picture of a document stands: beside it."""
    return path.with_suffix(".svg")


def drawn(path: Path) -> str:
    """Return the picture of a document as it is now."""
    document = read(path).document
    if not isinstance(document, MenuDocument | RoutingDocument):
        raise TypeError(f"{path}: only menus and rules are drawn")
    return svg(graph_of(document))


if __name__ == "__main__":
    for each in documents():
        picture_of(each).write_text(drawn(each), "utf-8")
