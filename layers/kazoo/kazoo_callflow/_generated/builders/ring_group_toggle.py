"""The `ring_group_toggle` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def ring_group_toggle(
    action: Literal["login", "logout"],
    callflow_id: str,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: makes the calling phone ring, or not ring, with the ring groups of a callflow.

    Fields:
      action: Whether it rings from now on.
      callflow_id: The callflow whose ring groups are meant.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "ring_group_toggle",
        {
            "action": action,
            "callflow_id": callflow_id,
            "skip_module": skip_module,
        },
        unknown,
    )
