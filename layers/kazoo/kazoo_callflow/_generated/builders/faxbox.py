"""The `faxbox` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from kazoo_callflow._generated.types import FaxboxMedia


def faxbox(
    id: str | None = None,
    *,
    faxbox_id: str | None = None,
    media: FaxboxMedia | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Hands the call to a fax box.

    Fields:
      id: The fax box's id.
      faxbox_id: Another name for the fax box's id.
      media: How the fax is carried.
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build(
        "faxbox",
        {
            "id": id,
            "faxbox_id": faxbox_id,
            "media": media,
            "skip_module": skip_module,
        },
        unknown,
    )
