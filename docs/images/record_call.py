"""Draws docs/images/pivot-call.svg: one call of the demo, on the local stack that `make up` left running.

Run it with `make pictures`.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

from rich.console import Console

from kazoo_simulator import CallMismatchError, ScriptedCall
from pivotctl import demo, ladder
from pivotctl.local_stack import Stack

WIDTH = 108
PICTURE = Path(__file__).with_name("pivot-call.svg")


def draw(call: ScriptedCall, command: str) -> str:
    """The ladder of a call as a picture of a terminal."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(f"[bold]$ {command}[/]", highlight=False)
    ladder.show(console, *(event for event in call.events if not event.kind.startswith("expectation")))
    svg = console.export_svg(title="pivot call", unique_id="call")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main() -> None:
    """Play the scene and write the picture."""
    stack = Stack.running()
    if stack is None:
        sys.exit("Nothing is up: run `make up` first.")
    scene = next(scene for scene in demo.SCENES if scene.play is demo.unknown_caller)
    with contextlib.suppress(CallMismatchError):
        scene.played_on(stack)  # starts the functions, so that the picture shows no cold start
    PICTURE.write_text(draw(scene.played_on(stack), "pivot call +14155550177 2000"))


if __name__ == "__main__":
    main()
