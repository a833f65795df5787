"""The `edr` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def edr(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Writes an event record with this node's data.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "edr",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
