"""The `privacy` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def privacy(
    *,
    endpoint_strategy: Literal["overwrite", "merge"] | None = None,
    mode: Literal["full", "name", "number", "yes"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Hides the caller's identity and goes on in the callflow of the captured number.

    Fields:
      endpoint_strategy: Whether the privacy of the phone's own settings is kept. (KAZOO fills in
        'overwrite')
      mode: What is hidden. (KAZOO fills in 'full')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: On KAZOO 4.3 without a captured number the caller hears an error and is hung up.
    """
    return build(
        "privacy",
        {
            "endpoint_strategy": endpoint_strategy,
            "mode": mode,
            "skip_module": skip_module,
        },
        unknown,
    )
