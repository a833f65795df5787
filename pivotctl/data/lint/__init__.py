"""Finds what is wrong with a document before a caller does: its structure, its words, and every flow it can
produce."""

from __future__ import annotations

from collections.abc import Iterator

import kazoo_callflow as callflow
from pivotctl.data.documents import AnyDocument, MenuDocument, RoutingDocument
from pivotctl.data.lint import _menus, _routing
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath, Progress
from pivotctl.data.lint._flows import menu_flows, route_flows
from pivotctl.data.lint._gate import gate
from pivotctl.data.lint._preview import PreviewContext
from pivotctl.data.lint._routing import unknown_menus


def lint(
    document: AnyDocument,
    kazoo: callflow.KazooVersion = "4.3",
    progress: Progress = lambda _done, _all: None,
) -> Iterator[Diagnostic]:
    """Yield everything wrong with a document, each thing once; flows are played only when its structure is
    right."""
    seen: set[Diagnostic] = set()
    for each in _all(document, kazoo, progress):
        if each not in seen:
            seen.add(each)
            yield each


def structure(document: AnyDocument) -> Iterator[Diagnostic]:
    """Yield the findings that need no played call."""
    match document:
        case MenuDocument():
            yield from _menus.structure(document)
        case RoutingDocument():
            yield from _routing.structure(document)
    if isinstance(document, MenuDocument | RoutingDocument):
        yield from gate(document)


def _all(document: AnyDocument, kazoo: callflow.KazooVersion, progress: Progress) -> Iterator[Diagnostic]:
    found = list(structure(document))
    yield from found
    if any(each.level == "error" for each in found):
        return
    match document:
        case MenuDocument():
            yield from menu_flows(document, kazoo, progress)
        case RoutingDocument():
            for done, name in enumerate(document.routes, 1):
                yield from route_flows(document, name, kazoo)
                progress(done, len(document.routes))


__all__ = [
    "Diagnostic",
    "DocumentPath",
    "PreviewContext",
    "Progress",
    "lint",
    "structure",
    "unknown_menus",
]
