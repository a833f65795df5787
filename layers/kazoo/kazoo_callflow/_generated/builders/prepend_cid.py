"""The `prepend_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def prepend_cid(
    *,
    action: Literal["reset", "prepend"] | None = None,
    apply_to: Literal["original", "current"] | None = None,
    caller_id_name_prefix: str | None = None,
    caller_id_number_prefix: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Puts a prefix before the caller's name or number on phones rung later.

    Fields:
      action: Add the prefix or take it away. (KAZOO fills in 'prepend')
      apply_to: Whether the original or the present identity is prefixed. (KAZOO fills in 'current')
      caller_id_name_prefix: The prefix of the name. (KAZOO fills in '')
      caller_id_number_prefix: The prefix of the number. (KAZOO fills in '')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "prepend_cid",
        {
            "action": action,
            "apply_to": apply_to,
            "caller_id_name_prefix": caller_id_name_prefix,
            "caller_id_number_prefix": caller_id_number_prefix,
            "skip_module": skip_module,
        },
        unknown,
    )
