"""The `pivot` command: each sub-command is a module of its own, imported only when it is named."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

# Where each sub-command is: a function, or a Typer application with sub-commands of its own.
COMMANDS = {
    "accounts": "pivotctl.accounts.command:app",
    "call": "pivotctl.call:call",
    "data": "pivotctl.data.commands:app",
    "debug": "pivotctl.debug.command:debug",
    "debug-access": "pivotctl.debug._access:app",
    "demo": "pivotctl.local:demo",
    "down": "pivotctl.local:down",
    "events": "pivotctl.event_files:write",
    "explain": "pivotctl.data.explain:explain",
    "load": "pivotctl.load:load",
    "new": "pivotctl.new:new",
    "phone": "pivotctl.phone:phone",
    "token": "pivotctl.tokens:app",
    "up": "pivotctl.local:up",
    "validate": "pivotctl.validate:command",
}


class LazyGroup(TyperGroup):
    """Sub-commands that are imported when they are used: `pivot validate` never waits for the deploy code."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's signature
        """Every name, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The sub-command of that name, imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            single.command(name=cmd_name)(found)
            found = single
        command = get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyGroup,
    name="pivot",
    help="Build, check, deploy and watch KAZOO Pivot callbacks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def root() -> None:
    """Build, check, deploy and watch KAZOO Pivot callbacks."""


def main() -> None:
    """Run the command line."""
    app()
