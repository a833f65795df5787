"""The `fax_detect` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def fax_detect(
    duration: int | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Listens for a fax tone.

    Fields:
      duration: How many seconds to listen; KAZOO listens 5.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `ON_FAX`, `ON_VOICE`, `_`.
    """
    return build(
        "fax_detect",
        {
            "duration": duration,
            "skip_module": skip_module,
        },
        unknown,
    )
