"""The `set_variables` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping


def set_variables(
    custom_application_vars: Mapping[str, str] | Mapping[str, Any] | None = None,
    *,
    export: bool | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `set_variables`.

    Fields:
      custom_application_vars:  (KAZOO fills in {})
      export:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("set_variables", {"custom_application_vars": custom_application_vars, "export": export, "skip_module": skip_module}, unknown)
