"""docs/performance.md: the figures of the last full run, and the machine they came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

FIGURES = "## The last figures\n"


def write_page(machine: dict[str, Any], figures: list[dict[str, Any]]) -> None:
    """Replace the figures on the page by those of a run."""
    where = (
        "Measured on {day} at commit `{commit}`: {cores} cores of {processor}, under a load of {load}, "
        "with Python {python}.".format(**machine)
    )
    parts: dict[str, list[str]] = {}
    for figure in figures:
        parts.setdefault(_part(figure["name"]), []).append(_row(figure))
    tables = "".join(
        f"\n### {title}\n\n| figure | value | baseline | ratio |\n|---|--:|--:|--:|\n" + "".join(rows)
        for title, rows in parts.items()
    )
    kept = PAGE.read_text().partition(FIGURES)[0]
    PAGE.write_text(f"{kept}{FIGURES}\n{where}\n{tables}")


def _part(name: str) -> str:
    if "cold" in name:
        return "Cold starts"
    if "warm" in name or "requests" in name:
        return "Warm requests"
    return {"callflow": "Callflows", "pivot validate": "Callflows"}.get(
        name.partition(":")[0], "Other figures"
    )


def _row(figure: dict[str, Any]) -> str:
    value = f"{figure['value']:.1f} {figure['unit']}"
    if figure["ratio"] is None:
        return f"| {figure['name']} | {value} | | |\n"
    baseline = f"{figure['baseline']:.1f} {figure['unit']}, {figure['baseline_name']}"
    return f"| {figure['name']} | {value} | {baseline} | {figure['ratio']:.2f} |\n"
