"""The `tones` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import Tone


def tones(
    tones: Sequence[Tone] | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Answers, plays a series of tones and waits for their end.

    Fields:
      tones: The tones, in order.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    KAZOO 5 only.
    """
    return build(
        "tones",
        {
            "tones": tones,
            "skip_module": skip_module,
        },
        unknown,
    )
