"""The `directory` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def directory(
    id: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Lets the caller find someone by spelling the name on the keys.

    Fields:
      id: The directory's id.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "directory",
        {
            "id": id,
            "skip_module": skip_module,
        },
        unknown,
    )
