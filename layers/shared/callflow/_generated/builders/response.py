"""The `response` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from callflow._flow import Flow, build



def response(
    code: int | None = None,
    message: str | None = None,
    *,
    media: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `response`.

    Fields:
      code:  (KAZOO fills in 486)
      message:
      media:  (at most 2048 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("response", {"code": code, "message": message, "media": media, "skip_module": skip_module}, unknown)
