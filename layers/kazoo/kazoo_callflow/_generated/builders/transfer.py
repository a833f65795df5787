"""The `transfer` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def transfer(
    target: str | None = None,
    *,
    captures: Sequence[Any] | Sequence[str] | None = None,
    leg: Literal["self", "bleg"] | None = None,
    transfer_type: Literal["attended", "blind"] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Transfers the call to another target; this callflow ends.

    Fields:
      target: The number or address to transfer to.
      captures: What the target's number pattern is taken to have captured. (KAZOO fills in ['no_match'])
      leg: Which side of the call is transferred.
      transfer_type: Whether someone announces the call first. (KAZOO fills in 'blind')
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "transfer",
        {
            "target": target,
            "captures": captures,
            "leg": leg,
            "transfer_type": transfer_type,
            "skip_module": skip_module,
        },
        unknown,
    )
