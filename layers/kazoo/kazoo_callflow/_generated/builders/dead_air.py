"""The `dead_air` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def dead_air(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Answers and plays silence until the caller hangs up.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "dead_air",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
