"""The `send_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def send_dtmf(
    digits: str,
    *,
    duration_ms: int | str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Sends key tones to the caller and goes on at once.

    Fields:
      digits: The keys to send.
      duration_ms: How many milliseconds each tone lasts.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "send_dtmf",
        {
            "digits": digits,
            "duration_ms": duration_ms,
            "skip_module": skip_module,
        },
        unknown,
    )
