"""The `set_variables` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping


def set_variables(
    custom_application_vars: Mapping[str, Any] | None = None,
    *,
    export: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Sets application variables of the call.

    Fields:
      custom_application_vars: The variables, by name; strings are safe on both versions. (KAZOO fills in
        {})
      export: Whether the other side of a bridge gets them too; no effect on KAZOO 4.3.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: KAZOO 4.3 takes strings only, and does not send the variables with later Pivot requests.

    Trap: Names KAZOO uses itself, such as Account-ID, are dropped without a word on 4.3.
    """
    return build(
        "set_variables",
        {
            "custom_application_vars": custom_application_vars,
            "export": export,
            "skip_module": skip_module,
        },
        unknown,
    )
