"""The `receive_fax` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from kazoo_callflow._generated.types import ReceiveFaxMedia


def receive_fax(
    owner_id: str | None = None,
    *,
    media: ReceiveFaxMedia | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Receives a fax for an owner.

    Fields:
      owner_id: Whose fax it is.
      media: How the fax is carried.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "receive_fax",
        {
            "owner_id": owner_id,
            "media": media,
            "skip_module": skip_module,
        },
        unknown,
    )
