"""The `branch_bnumber` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def branch_bnumber(
    *,
    hunt: bool | None = None,
    hunt_allow: str | None = None,
    hunt_deny: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Branches on the digits the called number's pattern captured.

    Fields:
      hunt: Whether another callflow of the account with that number is tried instead of a child. (KAZOO
        fills in False)
      hunt_allow: A regular expression of numbers that may be tried.
      hunt_deny: A regular expression of numbers that may not.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`, the captured digits.
    """
    return build(
        "branch_bnumber",
        {
            "hunt": hunt,
            "hunt_allow": hunt_allow,
            "hunt_deny": hunt_deny,
            "skip_module": skip_module,
        },
        unknown,
    )
