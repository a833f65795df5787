"""The `intercom` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def intercom(
    *,
    barge_calls: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: calls the captured extension, which picks up by itself.

    Fields:
      barge_calls: Whether a phone in a call is called too.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "intercom",
        {
            "barge_calls": barge_calls,
            "skip_module": skip_module,
        },
        unknown,
    )
