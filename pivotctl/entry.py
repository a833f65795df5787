"""The `pivot` program: where a package of the command is missing, one line says what to install."""

from __future__ import annotations

import sys

OF_SOFTPHONE = {"multipart", "python_multipart", "starlette", "uvicorn", "websockets"}
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
        extra = "cli,softphone" if missing in OF_SOFTPHONE else "cli"
        sys.stderr.write(f"pivot needs the package {missing}: pip install 'pivot-lambda[{extra}]'\n")
        sys.exit(2)
