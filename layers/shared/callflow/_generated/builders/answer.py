"""The `answer` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def answer(
    *,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """

    Fields:
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    KAZOO 5 only.
    """
    return build("answer", {"skip_module": skip_module}, unknown)
