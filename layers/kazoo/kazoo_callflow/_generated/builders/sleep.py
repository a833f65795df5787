"""The `sleep` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def sleep(
    duration: int | None = None,
    unit: Literal["ms", "s", "m", "h"] | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Waits in silence; it neither answers nor plays anything.

    Fields:
      duration: How long to wait, in `unit`. (0 to 86400000; KAZOO fills in 0)
      unit: Milliseconds, seconds, minutes or hours. (KAZOO fills in 's')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: Without `unit` the duration counts seconds; 24 hours is the most it waits.
    """
    return build(
        "sleep",
        {
            "duration": duration,
            "unit": unit,
            "skip_module": skip_module,
        },
        unknown,
    )
