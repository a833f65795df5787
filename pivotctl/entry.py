"""The `pivot` program: where a package of the command is missing, one line says what to install."""

from __future__ import annotations

import sys

EXTRA = "pip install 'pivot-lambda[command]'"
OURS = ("kazoo_", "pivot", "functions")


def main() -> None:
    """Run the command line."""
    try:
        from pivotctl.cli import main as run

        run()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing.startswith(OURS) or not missing:
            raise
        sys.stderr.write(f"pivot needs the package {missing}: {EXTRA}\n")
        sys.exit(2)
