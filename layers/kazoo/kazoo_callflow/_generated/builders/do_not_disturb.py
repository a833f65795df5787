"""The `do_not_disturb` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def do_not_disturb(
    action: Literal["activate", "deactivate", "toggle"] | None = None,
    *,
    id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: turns do-not-disturb on or off, with a prompt.

    Fields:
      action: What is done.
      id: The user or device it is done to.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "do_not_disturb",
        {
            "action": action,
            "id": id,
            "skip_module": skip_module,
        },
        unknown,
    )
