"""The `set_cid` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def set_cid(
    *,
    caller_id_name: str | None = None,
    caller_id_number: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      caller_id_name:  (KAZOO fills in '')
      caller_id_number:  (KAZOO fills in '')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("set_cid", {"caller_id_name": caller_id_name, "caller_id_number": caller_id_number, "skip_module": skip_module}, unknown)
