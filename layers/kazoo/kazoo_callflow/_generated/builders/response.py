"""The `response` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never

from kazoo_callflow._flow import Flow, build


def response(
    code: int | None = None,
    message: str | None = None,
    *,
    media: str | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Refuses the call with a SIP code, optionally after a sound.

    Fields:
      code: The SIP code, such as 486 for busy. (KAZOO fills in 486)
      message: The reason sent with it.
      media: A sound played first. (at most 2048 characters)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.

    Trap: `code` is an integer; a string rejects the whole answer.
    """
    return build(
        "response",
        {
            "code": code,
            "message": message,
            "media": media,
            "skip_module": skip_module,
        },
        unknown,
    )
