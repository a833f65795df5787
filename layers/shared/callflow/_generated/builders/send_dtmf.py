"""The `send_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def send_dtmf(
    *,
    digits: str,
    duration_ms: int | str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      digits:
      duration_ms:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("send_dtmf", {"digits": digits, "duration_ms": duration_ms, "skip_module": skip_module}, unknown)
