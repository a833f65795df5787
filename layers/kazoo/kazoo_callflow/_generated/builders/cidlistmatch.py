"""The `cidlistmatch` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def cidlistmatch(
    id: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Branches on whether the caller's number is in a stored list.

    Fields:
      id: The list's id.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `match`, `nomatch`, `_`.
    """
    return build(
        "cidlistmatch",
        {
            "id": id,
            "skip_module": skip_module,
        },
        unknown,
    )
