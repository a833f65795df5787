"""The `function` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def function(
    *,
    id: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      id:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    KAZOO 5 only.
    """
    return build("function", {"id": id, "skip_module": skip_module}, unknown)
