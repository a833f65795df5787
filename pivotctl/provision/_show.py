"""Prints a plan for a terminal, for a pipe and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from pivotctl.provision._plan import Change, Plan

SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "delete": ("-", "red")}
MOVES = {"take": (">", "yellow"), "give_back": ("<", "yellow")}


def show_plan(console: Console, setup: list[str], plan: Plan) -> None:
    """Print each change, a line for the document and one for each field. Nothing is cut or wrapped."""
    for line in setup:
        _line(console, "+", "green", line)
    for step in plan.steps:
        if not step.title:
            continue
        sign, colour = (SIGNS | MOVES)[step.action]
        _line(console, sign, colour, step.title)
        for change in step.changes:
            _line(console, " ", "", f"    {_said(change, is_new=step.action == 'create')}")
    for warning in plan.warnings:
        _line(console, "!", "yellow", warning)


def _said(change: Change, *, is_new: bool) -> str:
    path, old, new = change
    if is_new:
        return f"{path} = {_value(new)}"
    return f"{path}: {_value(old)} → {_value(new)}"


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping) and "module" in value:
        return " › ".join(_nodes(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _nodes(flow: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the modules of a chain of wildcard children, each with its settings."""
    while flow:
        data = ", ".join(f"{key} {_value(value)}" for key, value in (flow.get("data") or {}).items())
        yield f"{flow.get('module')} {data}".strip()
        flow = (flow.get("children") or {}).get("_")


def _line(console: Console, sign: str, colour: str, text: str) -> None:
    styled = Text(f"{sign} ", style=f"bold {colour}" if colour else "")
    styled.append(text, style=colour if sign == "-" and colour else "")
    console.print(styled, soft_wrap=True, highlight=False)


def as_json(setup: list[str], plan: Plan, outcome: str) -> str:
    """Return the plan for a program."""
    return json.dumps(
        {
            "outcome": outcome,
            "setup": setup,
            "steps": [
                {
                    "action": step.action,
                    "collection": step.collection,
                    "role": step.role,
                    "what": step.title,
                    "changes": [{"path": p, "stored": old, "wanted": new} for p, old, new in step.changes],
                }
                for step in plan.steps
                if step.title
            ],
            "warnings": list(plan.warnings),
        },
        indent=2,
        ensure_ascii=False,
    )
