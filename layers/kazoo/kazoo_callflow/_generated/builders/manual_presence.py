"""The `manual_presence` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def manual_presence(
    presence_id: str,
    status: Literal["idle", "ringing", "busy"] | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Answers and sets a presence light.

    Fields:
      presence_id: The light's name.
      status: How the light shows. (KAZOO fills in 'idle')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "manual_presence",
        {
            "presence_id": presence_id,
            "status": status,
            "skip_module": skip_module,
        },
        unknown,
    )
