"""The `temporal_route` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def temporal_route(
    *,
    action: Literal["menu", "enable", "disable", "reset"] | None = None,
    interdigit_timeout: int | None = None,
    rule_set: str | None = None,
    rules: Sequence[str] | None = None,
    timezone: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Branches on the time of day, by stored rules.

    Fields:
      action: Change the rules instead of branching.
      interdigit_timeout: How many milliseconds to wait for the next digit in the menu.
      rule_set: The stored set of rules to try.
      rules: The rules to try, in order. (KAZOO fills in [])
      timezone: The time zone the rules are read in.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `rule_set`, `_`, the id of a rule or rule set.

    Trap: The names of the children are themselves tried as rule ids.
    """
    return build(
        "temporal_route",
        {
            "action": action,
            "interdigit_timeout": interdigit_timeout,
            "rule_set": rule_set,
            "rules": rules,
            "timezone": timezone,
            "skip_module": skip_module,
        },
        unknown,
    )
