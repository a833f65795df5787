"""The `answer` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def answer(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Answers the call.

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    KAZOO 5 only.
    """
    return build(
        "answer",
        {
            "skip_module": skip_module,
        },
        unknown,
    )
