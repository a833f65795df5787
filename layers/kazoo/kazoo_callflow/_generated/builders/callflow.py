"""The `callflow` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Any, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def callflow(
    id: str | None = None,
    *,
    doc_id: str | None = None,
    flow: Flow | Mapping[str, Any] | None = None,
    path: str | Sequence[str] | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Continues in a stored callflow.

    Fields:
      id: The stored callflow's id.
      doc_id: A document that has a flow in it. (KAZOO 5 only)
      flow: The flow itself. (KAZOO 5 only)
      path: Where in that document the flow is. (KAZOO 5 only)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: KAZOO 4.3 knows only `id`; an inline `flow` is ignored there and the wildcard child runs.
    """
    return build(
        "callflow",
        {
            "id": id,
            "doc_id": doc_id,
            "flow": flow,
            "path": path,
            "skip_module": skip_module,
        },
        unknown,
    )
