"""Going on at an action of a page: by the path a branch left in its pivot's address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pivot_app.actions._context import ActionScope
from pivot_app.actions._perform import branch, perform
from pivot_app.actions._ringing import hunt
from pivot_app.documents import DocumentError

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions._schema import Path

_ENTRIES = "entries"


def path_text(path: Path) -> str:
    """Return a path as it is carried."""
    return "/".join(path)


def resume(page: Any, path: str, scope: ActionScope) -> Flow:
    """Return the flow of the action, or of the hunt list's entry, that a path leads to.

    The path was signed, and the page is of the version the call began with; DocumentError when it leads
    nowhere all the same.
    """
    parts = tuple(path.split("/"))
    if len(parts) > 1 and parts[-2] == _ENTRIES:
        list_of_entries = _at(page, parts[:-2])
        return hunt(list_of_entries, _scope(scope, parts[:-2]), branch, first=int(parts[-1]))
    return perform(_at(page, parts), _scope(scope, parts))


def _scope(scope: ActionScope, path: Path) -> ActionScope:
    return ActionScope(
        context=scope.context,
        around=scope.around,
        step=scope.step,
        answer=scope.answer,
        sensitive=scope.sensitive,
        path=path,
    )


def _at(page: Any, path: Path) -> Any:
    found = page
    for part in path:
        if isinstance(found, Mapping):
            found = list(found.values())[int(part)] if int(part) < len(found) else None
        elif isinstance(found, tuple):
            found = found[int(part)] if int(part) < len(found) else None
        else:
            found = getattr(found, part, None)
    if found is None:
        raise DocumentError(f"there is no action at {'/'.join(path)}")
    return found
