"""The `set_variable` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def set_variable(
    variable: str | None = None,
    value: str | None = None,
    *,
    channel: Literal["a", "both"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Sets one of the few variables KAZOO itself reads, such as call_priority.

    Fields:
      variable: The variable's name.
      value: Its value.
      channel: Which side of the call gets it. (KAZOO fills in 'a')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: Only `call_priority` has an effect (KAZOO 5: `group_id` too). For your own variables use
    set_variables.
    """
    return build(
        "set_variable",
        {
            "variable": variable,
            "value": value,
            "channel": channel,
            "skip_module": skip_module,
        },
        unknown,
    )
