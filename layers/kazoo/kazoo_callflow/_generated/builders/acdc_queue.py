"""The `acdc_queue` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def acdc_queue(
    id: str | None = None,
    action: Literal["login", "logout"] | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Logs a queue agent in to or out of one queue, with a prompt.

    Fields:
      id: The queue's id.
      action: Log in or out.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: KAZOO 5 has its schema; whether it has the module depends on the build.
    """
    return build(
        "acdc_queue",
        {
            "id": id,
            "action": action,
            "skip_module": skip_module,
        },
        unknown,
    )
