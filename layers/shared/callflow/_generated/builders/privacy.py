"""The `privacy` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from callflow._flow import Flow, build



def privacy(
    *,
    endpoint_strategy: Literal["overwrite", "merge"] | None = None,
    mode: Literal["full", "name", "number", "yes"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      endpoint_strategy:  (KAZOO fills in 'overwrite')
      mode:  (KAZOO fills in 'full')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("privacy", {"endpoint_strategy": endpoint_strategy, "mode": mode, "skip_module": skip_module}, unknown)
