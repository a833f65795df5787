"""The `acdc_wait_time` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def acdc_wait_time(
    id: str | None = None,
    *,
    window: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Branches on a queue's average waiting time.

    Fields:
      id: The queue's id.
      window: How many seconds back the average looks.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, a number of seconds.

    Trap: A child key that is not an integer crashes the module: the wildcard child runs.

    Trap: KAZOO 5 has its schema; whether it has the module depends on the build.
    """
    return build(
        "acdc_wait_time",
        {
            "id": id,
            "window": window,
            "skip_module": skip_module,
        },
        unknown,
    )
