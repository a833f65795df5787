"""The `menu` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def menu(
    id: str | None = None,
    *,
    interdigit_timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Plays a stored menu's greeting and branches on the digits pressed.

    Fields:
      id: The stored menu's id.
      interdigit_timeout: How many milliseconds to wait for the next digit.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `timeout`, `max_retries`, `_`, the digits pressed.

    Trap: Unknown digits are announced as invalid and asked again; they do not take the wildcard child at
    once.

    Trap: With `hunt` set in the stored menu, digits may also reach any other callflow of the account.
    """
    return build(
        "menu",
        {
            "id": id,
            "interdigit_timeout": interdigit_timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
