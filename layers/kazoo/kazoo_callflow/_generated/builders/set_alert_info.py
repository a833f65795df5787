"""The `set_alert_info` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def set_alert_info(
    alert_info: str,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Sets the ring tone hint for phones rung later.

    Fields:
      alert_info: The hint.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "set_alert_info",
        {
            "alert_info": alert_info,
            "skip_module": skip_module,
        },
        unknown,
    )
