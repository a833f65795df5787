"""Shows a call's ladder in the terminal: who is concerned by its colour, what the caller hears in bold."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from kazoo_simulator import AnyEvent, Row, rows

STYLES = {"server": "cyan", "kazoo": "dim", "caller": "bold", "mark": "green", "wrong": "bold red"}


def line(row: Row) -> Text:
    """Return one line of a ladder."""
    text = Text().append(f"{row.at_ms / 1000:8.3f}  ", style="dim")
    text.append(f"{row.sign:<2} {row.text}", style=STYLES[row.side])
    return text


def show(console: Console, *events: AnyEvent) -> None:
    """Print the lines of these events."""
    for row in rows(events):
        console.print(line(row), soft_wrap=True, highlight=False)


@dataclass
class Printer:
    """Prints events as they come; keys are held back until something else happens, to share a line."""

    console: Console
    _keys: list[AnyEvent] = field(default_factory=list)

    def __call__(self, event: AnyEvent) -> None:
        """Print one event."""
        if event.kind == "key_pressed":
            self._keys.append(event)
            return
        keys, self._keys = self._keys, []
        show(self.console, *keys, event)
