"""The `set_alert_info` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def set_alert_info(
    *,
    alert_info: str,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      alert_info:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("set_alert_info", {"alert_info": alert_info, "skip_module": skip_module}, unknown)
