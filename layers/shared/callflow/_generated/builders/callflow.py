"""The `callflow` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def callflow(
    id: str | None = None,
    *,
    doc_id: str | None = None,
    flow: Mapping[str, Any] | Flow | None = None,
    path: str | Sequence[str] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Runs the module `callflow`.

    Fields:
      id:
      doc_id:  (KAZOO 5 only)
      flow:  (KAZOO 5 only)
      path:  (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: none; nothing runs after it.
    """
    return build("callflow", {"id": id, "doc_id": doc_id, "flow": flow, "path": path, "skip_module": skip_module}, unknown)
