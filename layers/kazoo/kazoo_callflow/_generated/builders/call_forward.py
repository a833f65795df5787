"""The `call_forward` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never

from kazoo_callflow._flow import Flow, build


def call_forward(
    action: Literal["activate", "deactivate", "update", "toggle", "menu"] | None = None,
    *,
    menu_retries: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Feature code: changes the calling phone's call forwarding, with prompts.

    Fields:
      action: What is done.
      menu_retries: How many times the menu is repeated. (KAZOO fills in 3; KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.
    """
    return build(
        "call_forward",
        {
            "action": action,
            "menu_retries": menu_retries,
            "skip_module": skip_module,
        },
        unknown,
    )
