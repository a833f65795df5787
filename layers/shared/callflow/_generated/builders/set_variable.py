"""The `set_variable` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def set_variable(
    *,
    channel: Literal["a", "both"] | None = None,
    value: str | None = None,
    variable: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      channel:  (KAZOO fills in 'a')
      value:
      variable:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("set_variable", {"channel": channel, "value": value, "variable": variable, "skip_module": skip_module}, unknown)
