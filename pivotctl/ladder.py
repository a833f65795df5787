"""Shows a call's ladder in the terminal: who is concerned by its colour, what the caller hears in bold."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from kazoo_simulator import AnyEvent, Rung, rungs

STYLES = {"server": "cyan", "kazoo": "dim", "caller": "bold", "mark": "green", "wrong": "bold red"}


def line(rung: Rung) -> Text:
    """One line of a ladder."""
    text = Text(f"{rung.at_ms / 1000:8.3f}  ", style="dim")
    text.append(f"{rung.sign:<2} {rung.text}", style=STYLES[rung.side])
    return text


def show(console: Console, *events: AnyEvent) -> None:
    """Print the lines of these events."""
    for rung in rungs(events):
        console.print(line(rung), soft_wrap=True, highlight=False)
