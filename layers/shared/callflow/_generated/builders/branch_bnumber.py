"""The `branch_bnumber` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def branch_bnumber(
    *,
    hunt: bool | None = None,
    hunt_allow: str | None = None,
    hunt_deny: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      hunt:  (KAZOO fills in False)
      hunt_allow:
      hunt_deny:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("branch_bnumber", {"hunt": hunt, "hunt_allow": hunt_allow, "hunt_deny": hunt_deny, "skip_module": skip_module}, unknown)
