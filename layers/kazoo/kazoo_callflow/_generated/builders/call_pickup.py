"""The `call_pickup` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def call_pickup(
    target_call_id: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Joins this call to another one named by its Call-ID.

    Fields:
      target_call_id: The Call-ID to join. (at least 1 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    Trap: Without `target_call_id` the module crashes and the wildcard child runs.

    KAZOO 5 only.
    """
    return build(
        "call_pickup",
        {
            "target_call_id": target_call_id,
            "skip_module": skip_module,
        },
        unknown,
    )
