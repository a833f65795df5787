"""The `pivot` command: a sub-command is a module of its own, imported only when it is named."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# Sub-command to the typer app that is it.
COMMANDS = {
    "token": "pivotctl.tokens:app",
}


class _LazyGroup(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = typer.main.get_command(getattr(import_module(module), name))
        command.name = cmd_name
        return command


app = typer.Typer(
    name="pivot",
    cls=_LazyGroup,
    help="Build, check, deploy and watch KAZOO Pivot callbacks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def root() -> None:
    """Build, check, deploy and watch KAZOO Pivot callbacks."""


def main() -> None:
    """Run the command line."""
    app()
