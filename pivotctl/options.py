"""Options that several commands have: one word and one meaning for each."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from pivotctl.deployment import Stage

__all__ = ["AsJson", "KazooAccount", "Stage", "Yes", "kazoo_account_id"]

_ID = re.compile("[0-9a-f]{32}")


def kazoo_account_id(value: str) -> str:
    """Return the id of a KAZOO account, checked; empty where none was given.

    Raises:
        typer.BadParameter: It is not such an id.
    """
    if value and not _ID.fullmatch(value):
        raise typer.BadParameter(f"{value!r}: a KAZOO Account-ID is 32 hex characters in lower case")
    return value


KazooAccount = Annotated[
    str,
    typer.Option(
        *("--kazoo-account", "--account", "-a"),
        envvar="PIVOT_KAZOO_ACCOUNT",
        help="The KAZOO Account-ID: 32 hex characters.",
        metavar="ACCOUNT_ID",
        callback=kazoo_account_id,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
