"""The `pivot` command: a sub-command is a module of its own, imported only when it is named."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="pivot",
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
