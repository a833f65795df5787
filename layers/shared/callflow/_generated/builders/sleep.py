"""The `sleep` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def sleep(
    duration: int | None = None,
    unit: Literal["ms", "s", "m", "h"] | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `sleep`.

    Fields:
      duration:  (0 to 86400000; KAZOO fills in 0)
      unit:  (KAZOO fills in 's')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("sleep", {"duration": duration, "unit": unit, "skip_module": skip_module}, unknown)
