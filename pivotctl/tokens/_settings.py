"""The settings of a KAZOO account, as options of `pivot token create` and `pivot token set`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pivotctl.tokens._admin import Document

Kazoo = Annotated[str | None, typer.Option("--kazoo", help="The KAZOO version of the account: 4.3 or 5.")]
Language = Annotated[
    str | None, typer.Option(help="For callers whose request names no language, such as en-us.")
]
Region = Annotated[str | None, typer.Option(help="Country of numbers in national form, such as US.")]
TimeZone = Annotated[str | None, typer.Option(help="IANA name, such as America/New_York.")]
Debug = Annotated[bool | None, typer.Option("--debug/--no-debug", help="Live Debug on or off.")]
Sample = Annotated[float | None, typer.Option("--debug-sample", help="Share of calls recorded, 0 to 1.")]
Callbacks = Annotated[
    list[str] | None, typer.Option("--debug-callback", help="Record this callback only; repeatable.")
]
Masked = Annotated[bool | None, typer.Option("--mask-numbers/--show-numbers", help="In Live Debug.")]


Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source", help="A network that requests must come from, such as 203.0.113.0/24; repeatable."
    ),
]
SubAccounts = Annotated[
    list[str] | None,
    typer.Option(
        "--sub-account", help="A KAZOO account whose events its webhooks may report, or *; repeatable."
    ),
]
RequirePin = Annotated[
    bool | None,
    typer.Option("--require-pin/--no-require-pin", help="Demand a PIN from every caller."),
]
PinFailures = Annotated[
    int | None,
    typer.Option(
        "--pin-failures", help="Wrong PINs per hour for all accounts together; then PINs are refused."
    ),
]


def settings_of(**given: Any) -> Document:
    """Return the settings that were given, as a tenant's item has them."""
    debug = {
        "enabled": given.pop("debug"),
        "sample": given.pop("sample"),
        "callbacks": given.pop("callbacks") or None,
        "mask_numbers": given.pop("masked"),
    }
    settings = {name: value for name, value in given.items() if value is not None and value != []}
    debug = {name: value for name, value in debug.items() if value is not None}
    return settings | ({"debug": debug} if debug else {})
