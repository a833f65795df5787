"""The `lookupcidname` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def lookupcidname(
    lists: Sequence[str] | None = None,
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Sets the caller's name from stored lists.

    Fields:
      lists: The lists' ids. (KAZOO fills in [])
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: On KAZOO 4.3 nothing that runs later sees the name.
    """
    return build(
        "lookupcidname",
        {
            "lists": lists,
            "skip_module": skip_module,
        },
        unknown,
    )
