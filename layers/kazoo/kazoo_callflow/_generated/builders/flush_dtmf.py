"""The `flush_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def flush_dtmf(
    collection_name: str | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Forgets the digits of one collection.

    Fields:
      collection_name: The collection to forget. (KAZOO fills in 'default')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "flush_dtmf",
        {
            "collection_name": collection_name,
            "skip_module": skip_module,
        },
        unknown,
    )
