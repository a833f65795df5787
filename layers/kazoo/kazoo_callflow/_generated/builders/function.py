"""The `function` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def function(
    id: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs a function stored in KAZOO's database that returns the rest of the call.

    Fields:
      id: The function's id.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    KAZOO 5 only.
    """
    return build(
        "function",
        {
            "id": id,
            "skip_module": skip_module,
        },
        unknown,
    )
