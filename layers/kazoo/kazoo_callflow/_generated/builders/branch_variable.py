"""The `branch_variable` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def branch_variable(
    variable: str | Sequence[str] | None = None,
    *,
    id: str | None = None,
    scope: Literal["account", "custom_channel_vars", "device", "merged", "user", "doc"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Branches on the value of a variable.

    Fields:
      variable: The variable's name, or the path to it.
      id: The document for scope doc. (KAZOO 5 only)
      scope: Where the variable is looked up. (KAZOO fills in 'custom_channel_vars')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, the variable's value.

    Trap: On KAZOO 4.3 it sees what set_variables stored; on KAZOO 5 it does not.
    """
    return build(
        "branch_variable",
        {
            "variable": variable,
            "id": id,
            "scope": scope,
            "skip_module": skip_module,
        },
        unknown,
    )
