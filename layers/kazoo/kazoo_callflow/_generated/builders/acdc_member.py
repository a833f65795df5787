"""The `acdc_member` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def acdc_member(
    id: str | None = None,
    *,
    priority: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Puts the caller in a queue with music; the wildcard child runs when the caller leaves it unanswered.

    Fields:
      id: The queue's id.
      priority: The caller's priority; higher is sooner.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: KAZOO 5 has its schema; whether it has the module depends on the build.
    """
    return build(
        "acdc_member",
        {
            "id": id,
            "priority": priority,
            "skip_module": skip_module,
        },
        unknown,
    )
