"""The `flush_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def flush_dtmf(
    collection_name: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `flush_dtmf`.

    Fields:
      collection_name:  (KAZOO fills in 'default')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("flush_dtmf", {"collection_name": collection_name, "skip_module": skip_module}, unknown)
