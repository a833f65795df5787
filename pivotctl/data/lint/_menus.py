"""Finds what is wrong with the structure of a menus document, without playing a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pivot_app.actions import Action, walk
from pivot_app.documents import PLACE
from pivot_app.menus import Menu, end_key
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import MenuDocument
from pivotctl.data.lint._conditions import conditions
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath, unknown_name
from pivotctl.data.lint._texts import texts
from pivotctl.data.lint._values import values


def structure(document: MenuDocument) -> Iterator[Diagnostic]:
    """Yield the findings that need no played call."""
    yield from _dangling(document)
    yield from _without_otherwise(document)
    yield from _unreachable(document)
    yield from _endless(document)
    yield from _keys(document)
    yield from _secrets(document)
    yield from _languages(document)
    yield from texts(document)
    yield from values(document)
    yield from conditions(document)


def all_actions(menu: Menu) -> Iterator[tuple[DocumentPath, Any]]:
    """Yield (place in the menu, action) of every action, nested ones included."""
    for place, value in walk_values(menu):
        if isinstance(value, Action):
            yield place, value


def _dangling(document: MenuDocument) -> Iterator[Diagnostic]:
    names = document.menus.keys()
    if document.start not in names:
        yield Diagnostic(("start",), "error", unknown_name("menu", document.start, names))
    for name, menu in document.menus.items():
        for place, action in all_actions(menu):
            if action.do == "menu" and action.menu not in names:
                message = unknown_name("menu", action.menu, names)
                yield Diagnostic(("menus", name, *place, "menu"), "error", message)
            if action.do == "check_pin" and place[0] not in ("keys", "any"):
                message = "there are no digits to check here; check_pin belongs to a key or to any"
                yield Diagnostic(("menus", name, *place), "error", message)
            if action.do == "check_pin" and not menu.sensitive:
                message = (
                    "a PIN is entered here; set `sensitive: true`, so that its digits are stored nowhere"
                )
                yield Diagnostic(("menus", name), "error", message)


def _without_otherwise(document: MenuDocument) -> Iterator[Diagnostic]:
    """Under a key, a condition that does not hold is a wrong key; anywhere else something must happen."""
    for name, menu in document.menus.items():
        for place, action in all_actions(menu):
            if not action.when or action.otherwise is not None:
                continue
            top = place[2:] if place[0] == "keys" else place[1:] if place[0] == "any" else ("elsewhere",)
            if any(part != "otherwise" for part in top):
                message = "when these conditions do not hold nothing happens; add `otherwise`"
                yield Diagnostic(("menus", name, *place, "when"), "error", message)


def _secrets(document: MenuDocument) -> Iterator[Diagnostic]:
    """Yield where the digits of a sensitive question are spoken or sent on."""
    for name, menu in document.menus.items():
        found = set()
        for place, action in all_actions(menu) if menu.sensitive else ():
            for _, value in walk_values(action):
                if isinstance(value, str) and any(each[1] == "call.digits" for each in PLACE.finditer(value)):
                    found.add(place)
        for place in sorted(found, key=str):
            # The outermost action that holds it would be named again for each level.
            if not any(other != place and other[: len(place)] == place for other in found):
                message = "the digits of a sensitive question would be repeated here"
                yield Diagnostic(("menus", name, *place), "error", message)


def targets(menu: Menu, start: str) -> set[str]:
    """Return the menus that can follow this one, by any key or by silence."""
    found: set[str] = set()
    for _, action in all_actions(menu):
        if action.do == "menu":
            found.add(action.menu)
        elif action.do == "back":
            found.add(start)
    return found


def _unreachable(document: MenuDocument) -> Iterator[Diagnostic]:
    reached, waiting = {document.start}, [document.start]
    while waiting:
        menu = document.menus.get(waiting.pop())
        if menu is not None:
            new = targets(menu, document.start) - reached
            reached |= new
            waiting.extend(new)
    for name in document.menus:
        if name not in reached:
            message = (
                f"no key leads to {name!r} from {document.start!r}; only a voice_url or a rule naming it can"
            )
            yield Diagnostic(("menus", name), "warning", message)


def _endless(document: MenuDocument) -> Iterator[Diagnostic]:
    """Yield a caller who stays silent must come to an end: following only silent actions may never lead in a
    circle."""
    silent: dict[str, dict[str, DocumentPath]] = {}
    origins: dict[str, list[str]] = {}
    for origin, menu in document.menus.items():
        for _, action in all_actions(menu):
            if action.do == "menu":
                origins.setdefault(action.menu, []).append(origin)
    for name, menu in document.menus.items():
        following: dict[str, DocumentPath] = {}
        for place, action in menu.silent_actions():
            for inner in walk(action):
                if inner.do == "menu":
                    following.setdefault(getattr(inner, "menu", ""), place)
                elif inner.do == "repeat":
                    following.setdefault(name, place)
                elif inner.do == "back":
                    for origin in (document.start, *origins.get(name, ())):
                        following.setdefault(origin, place)
        silent[name] = following
    for cycle in _cycles(silent):
        first, second = cycle[0], cycle[1 % len(cycle)]
        route = " -> ".join([*cycle, first])
        message = (
            f"a silent caller goes round without end: {route}; let one of these hang up or take a message"
        )
        yield Diagnostic(("menus", first, *silent[first][second]), "error", message)


def _cycles(graph: Mapping[str, Mapping[str, DocumentPath]]) -> Iterator[list[str]]:
    """Yield one cycle for each strongly connected part that has any, by a depth-first walk without
    recursion."""
    done: set[str] = set()
    for root in graph:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, Iterator[str]]] = []
        if root not in done:
            stack.append((root, iter(graph[root])))
            on_path[root] = 0
            path.append(root)
        while stack:
            node, following = stack[-1]
            successor = next(following, None)
            if successor is None:
                stack.pop()
                path.pop()
                del on_path[node]
                done.add(node)
            elif successor in on_path:
                yield path[on_path[successor] :]
            elif successor in graph and successor not in done:
                on_path[successor] = len(path)
                path.append(successor)
                stack.append((successor, iter(graph[successor])))


def _keys(document: MenuDocument) -> Iterator[Diagnostic]:
    for name, menu in document.menus.items():
        keys = [key for key in menu.keys if not key.startswith("/")]
        for key in keys:
            longer = next((other for other in keys if other != key and other.startswith(key)), None)
            if longer is not None and menu.digits > 1:
                message = (
                    f"key {key} is also how {longer} begins: callers who want {key} wait "
                    f"{menu.interdigit_timeout_ms} ms or press {end_key(menu)}"
                )
                yield Diagnostic(("menus", name, "keys", key), "warning", message)
        for count in ("max_timeouts", "max_failures"):
            if getattr(menu, count) is not None and menu.tries != 3:
                message = "tries counts both; give max_timeouts and max_failures, or tries"
                yield Diagnostic(("menus", name, count), "warning", message)


def _languages(document: MenuDocument) -> Iterator[Diagnostic]:
    for name, menu in document.menus.items():
        for place, action in all_actions(menu):
            if action.do == "language" and action.language not in document.languages:
                message = (
                    f"{action.language} is not among the document's languages "
                    f"({', '.join(document.languages)})"
                )
                yield Diagnostic(("menus", name, *place, "language"), "error", message)
