"""The `camping_feature` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def camping_feature(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: rings back when a busy phone is free, then hangs up.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "camping_feature",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
