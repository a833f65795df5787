"""The `set_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def set_cid(
    caller_id_number: str | None = None,
    caller_id_name: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Changes the caller identity of calls made from here on.

    Fields:
      caller_id_number: The number; empty takes the change back. (KAZOO fills in '')
      caller_id_name: The name; empty takes the change back. (KAZOO fills in '')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "set_cid",
        {
            "caller_id_number": caller_id_number,
            "caller_id_name": caller_id_name,
            "skip_module": skip_module,
        },
        unknown,
    )
