"""The `acdc_wait_time` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def acdc_wait_time(
    *,
    id: str | None = None,
    window: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      id:
      window:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("acdc_wait_time", {"id": id, "window": window, "skip_module": skip_module}, unknown)
