"""The `branch_variable` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def branch_variable(
    *,
    id: str | None = None,
    scope: Literal["account", "custom_channel_vars", "device", "merged", "user", "doc"] | None = None,
    variable: str | Sequence[str] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      id:  (KAZOO 5 only)
      scope:  (KAZOO fills in 'custom_channel_vars')
      variable:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("branch_variable", {"id": id, "scope": scope, "variable": variable, "skip_module": skip_module}, unknown)
