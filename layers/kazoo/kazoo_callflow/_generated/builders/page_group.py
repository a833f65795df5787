"""The `page_group` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from kazoo_callflow._generated.types import PageGroupEndpoint


def page_group(
    endpoints: Sequence[PageGroupEndpoint],
    *,
    audio: Literal["one-way", "two-way"] | None = None,
    barge_calls: bool | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Pages many phones: they pick up by themselves and hear the caller.

    Fields:
      endpoints: Who is paged. (at least 1 item)
      audio: Whether the phones can talk back. (KAZOO fills in 'one-way')
      barge_calls: Whether phones in a call are paged too.
      timeout: How many seconds to wait for phones to pick up. (KAZOO fills in 5)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "page_group",
        {
            "endpoints": endpoints,
            "audio": audio,
            "barge_calls": barge_calls,
            "timeout": timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
