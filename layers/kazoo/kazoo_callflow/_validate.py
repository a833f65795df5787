"""Judges a plain JSON document as KAZOO itself does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ._document import as_document
from ._errors import Problem, show
from ._hosts import BlockedHosts
from ._paths import Path
from ._quick import plain_parts, quick_tree
from ._schemas import KazooVersion, VersionSchemas, schemas_of
from ._validator import ValidationRun

if TYPE_CHECKING:
    from ._flow import Flow

MOST_PROBLEMS = 100
"""A document with more problems than this is not looked at further; the verdict is known long before."""

is_visited_key = re.compile(".").search
"""KAZOO looks only at children whose key has a character that is not a line feed."""


def validate(
    document: Any | Flow,
    kazoo: KazooVersion = "5",
    *,
    urls: bool = True,
    blocked: BlockedHosts | None = None,
) -> list[Problem]:
    """Return why KAZOO rejects a callflow; an empty list means KAZOO accepts it.

    `document` is a flow's root node, as plain JSON values or as a `Flow`. Every node of the tree is looked
    at, as KAZOO does: one problem anywhere rejects the whole answer. `blocked` are the cluster's black lists
    for the hosts of URLs (KAZOO's own by default); `urls=False` leaves that check out. At most 100 problems
    are listed.
    """
    known = schemas_of(kazoo)
    is_flow = hasattr(document, "to_dict")
    if blocked is None and quick_tree([document], _flow_parts if is_flow else plain_parts, known.quick):
        return []
    run = ValidationRun(urls=urls, blocked=blocked)
    if is_flow:
        document = document.to_dict()
    else:
        from ._json import check_values

        check_values(document, run)
        if run.problems and run.problems[-1].path == "$":
            # Not JSON as a whole, so there is no tree to walk.
            return run.problems
    check_tree([(document, None)], known, run)
    return run.problems


def _flow_parts(flow: Flow) -> Any:
    return flow._module, flow._data, flow._children  # noqa: SLF001 - copies would cost as much as the check


def check_tree(roots: list[tuple[Any, Path]], known: VersionSchemas, run: ValidationRun) -> None:
    """Validate every node below these, the deepest included, without using the stack."""
    waiting = list(reversed(roots))
    run.nodes.clear()
    found = run.nodes
    while waiting:
        node, path = waiting.pop()
        _check_node(node, path, known, run)
        if found:
            found.reverse()
            waiting.extend(found)
            found.clear()
        if len(run.problems) >= MOST_PROBLEMS:
            del run.problems[MOST_PROBLEMS:]
            return


def _check_node(node: Any, path: Path, known: VersionSchemas, run: ValidationRun) -> None:
    if not isinstance(node, dict):
        run.add(path, "type", f"must be a callflow node (an object), not {show(node)}.")
        return
    children = node.get("children")
    if children is None:
        if "children" in node:
            run.add((path, "children"), "type", "must be an object, not null.")
    elif isinstance(children, dict):
        below = (path, "children")
        for key, child in children.items():
            if isinstance(key, str) and is_visited_key(key):
                run.nodes.append((child, (below, key)))
        if children.__class__ is not dict:
            _add_later_copies(children, below, run)
    else:
        run.add((path, "children"), "type", f"must be an object, not {show(children)}.")

    if node.__class__ is not dict:
        for key, copy in getattr(node, "later", ()):
            if key == "children" and isinstance(copy, dict):
                _add_later_copies(copy, (path, "children"), run, first=copy.items())

    data = node.get("data", _NOTHING)
    if not isinstance(data, dict):
        run.add((path, "data"), "type", f"must be an object, not {show(data)}.")
        data = None

    module = node.get("module")
    if not isinstance(module, str):
        if module is None and "module" not in node:
            whole = as_document(node) if path is None else None
            hint = f" {whole.sentence}" if whole is not None else ""
            run.add((path, "module"), "required", f"is missing, and KAZOO requires it.{hint}")
        else:
            run.add((path, "module"), "type", f"must be a string, not {show(module)}.")
        return
    check = known.check(module)
    if check is not None:
        if data is not None:
            check(data, (path, "data"), run)
    elif not 1 <= len(module) <= 64:
        rule = "maxLength" if module else "minLength"
        run.add((path, "module"), rule, f"must have 1 to 64 characters, not {len(module)}.")
    else:
        run.add((path, "module"), "module", unknown_module(module, known))


def _add_later_copies(
    children: dict[str, Any], below: Path, run: ValidationRun, first: Iterable[tuple[str, Any]] = ()
) -> None:
    # KAZOO reads the first copy of a repeated key, but validates the children in every copy.
    for key, child in (*first, *getattr(children, "later", ())):
        if isinstance(key, str) and is_visited_key(key):
            run.nodes.append((child, (below, key)))


_NOTHING: dict[str, Any] = {}


# Names that other systems use, and one that KAZOO's own documentation has.
_MEANT = {
    "say": "tts",
    "speak": "tts",
    "gather": "collect_dtmf",
    "dial": "user, device or resources",
    "redirect": "pivot",
    "record": "record_call or record_caller",
    "reject": "response",
    "queue": "acdc_member",
    "agent": "acdc_agent",
    "pause": "sleep",
}


def unknown_module(module: str, known: VersionSchemas) -> str:
    """Say that a version has no such module, and what may have been meant."""
    from difflib import get_close_matches

    other: KazooVersion = "4.3" if known.version == "5" else "5"
    if module in schemas_of(other).modules:
        return f"{show(module)} exists in KAZOO {other}, not in {known.version}."
    meant = _MEANT.get(module.lower().replace("-", "_"))
    near = [meant] if meant else get_close_matches(module.lower(), known.modules, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{show(module)} is not a module of KAZOO {known.version}.{hint}"
