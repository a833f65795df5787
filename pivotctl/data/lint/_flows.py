"""Plays the answers that a document can give, and validates each as KAZOO does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import kazoo_callflow as callflow
from kazoo_callflow import Flow
from pivot_app.actions import Action, ActionScope, Step, perform
from pivot_app.documents import FromTable
from pivot_app.menus import MenuPage, render_menu, resolve_selection, scope_of
from pivot_app.routing import RoutePage
from pivot_app.routing import scope_of as route_scope
from pivot_app.schedules import state
from pivotctl.data._walk import walk_values
from pivotctl.data.documents import MenuDocument, RoutingDocument
from pivotctl.data.lint._diagnostics import Diagnostic, DocumentPath, Progress
from pivotctl.data.lint._preview import PreviewContext

MAX_FLOW_BYTES = 60_000
"""A flow larger than this makes KAZOO and API Gateway work while the caller listens to silence."""

ENOUGH = 10**15


def menu_flows(
    document: MenuDocument, kazoo: callflow.KazooVersion, progress: Progress
) -> Iterator[Diagnostic]:
    """Yield what KAZOO would not like about the answers of a menus document."""
    for done, name in enumerate(document.menus, 1):
        seen: set[bytes] = set()
        for place, flow in played(document, name):
            yield from _judged(place, flow, kazoo, seen)
        progress(done, len(document.menus))


def route_flows(document: RoutingDocument, name: str, kazoo: callflow.KazooVersion) -> Iterator[Diagnostic]:
    """Yield what KAZOO would not like about the answers of a route."""
    page = document.page(name)
    seen: set[bytes] = set()
    step = Step(version=0, menu="", language=document.languages[0], number=0)
    done: set[Any] = set()
    for place, action in walk_values(page.route, ("routes", name)):
        if not isinstance(action, Action) or (key := repr(action)) in done:
            continue
        done.add(key)
        for context in _variants(None):
            scope = route_scope(page, step, context)
            for flow in _flows_of(action, scope, page):
                yield from _judged(place, flow, kazoo, seen)


def _variants(document: MenuDocument | None) -> Iterator[PreviewContext]:
    for available, pin, together in ((None, False, True), (0, True, False), (ENOUGH, True, True)):
        for matching in (True, False):
            yield PreviewContext(document, available=available, pin=pin, together=together, matching=matching)


def _flows_of(action: Any, scope: ActionScope, page: MenuPage | RoutePage) -> Iterator[Flow]:
    """Yield the flows of an action, with a value from each table it names, and of each hunt entry."""
    yield perform(action, scope)
    for digits in _table_keys(action, page):
        yield perform(action, replace(scope, answer=digits))
    if action.do == "hunt":
        for index in range(1, len(action.entries)):
            yield perform(replace(action, entries=action.entries[index:]), scope)


def _table_keys(action: Any, page: MenuPage | RoutePage) -> set[str]:
    found = set()
    for _, value in walk_values(action):
        if isinstance(value, FromTable) and page.tables.get(value.from_):
            found.add(next(iter(page.tables[value.from_])))
    return found


def played(document: MenuDocument, name: str) -> Iterator[tuple[DocumentPath, Flow]]:
    """Yield (place, flow) of the answers one menu can give: in and out of hours, to every key and to none."""
    page, menu = document.page(name), document.menus[name]
    top: DocumentPath = ("menus", name)
    nested = [
        (place, action)
        for place, action in walk_values(menu, top)
        if (isinstance(action, Action) and len(place) > 3) or getattr(action, "do", "") == "hunt"
    ]
    for language in document.languages:
        step = Step(version=1, menu=name, language=language)
        last = replace(step, attempt=menu.tries, timeouts=9, failures=9)
        context = PreviewContext(document)
        for moment in _moments(page):
            at = replace(context, now=moment)
            yield top, render_menu(page, step, at, at.page)
        yield top, render_menu(page, replace(step, returned=True), context, context.page)
        yield (*top, "no_input"), resolve_selection(page, step, "", context, context.page)
        yield (*top, "give_up"), resolve_selection(page, last, "", context, context.page)
        wrong = next((key for key in "0123456789" if key not in menu.keys), "")
        yield (*top, "no_match"), resolve_selection(page, step, wrong, context, context.page)
        yield (*top, "no_match"), resolve_selection(page, last, wrong, context, context.page)
        for variant in _variants(document):
            for key in menu.keys:
                if not key.startswith("/"):
                    yield (*top, "keys", key), resolve_selection(page, step, key, variant, variant.page)
            yield (*top, "any"), resolve_selection(page, step, wrong, variant, variant.page)
            scope = scope_of(page, step, variant, variant.page, answer="1" * min(menu.digits, 6))
            for key, action in menu.keys.items():
                if key.startswith("/"):
                    for flow in _flows_of(action, scope, page):
                        yield (*top, "keys", key), flow
            if menu.any is not None:
                for flow in _flows_of(menu.any, scope, page):
                    yield (*top, "any"), flow
        scope = scope_of(page, step, context, context.page)
        for place, action in nested:
            for flow in _flows_of(action, replace(scope, last_resort=True), page):
                yield place, flow


def _moments(page: MenuPage) -> list[datetime]:
    """Return a moment in every state of the menu's schedules that the coming weeks have."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    states: dict[tuple[str, ...], datetime] = {(): begin} if not page.schedules else {}
    for hours in range(0, 24 * 14, 3) if page.schedules else ():
        moment = begin + timedelta(hours=hours)
        states.setdefault(tuple(state(each, moment) for each in page.schedules.values()), moment)
    return list(states.values())


def _judged(
    place: DocumentPath, flow: Flow, kazoo: callflow.KazooVersion, seen: set[bytes]
) -> Iterator[Diagnostic]:
    body = flow.to_json()
    if body not in seen:
        seen.add(body)
        yield from flow_diagnostics(place, flow, len(body), kazoo)


def flow_diagnostics(
    place: DocumentPath, flow: Flow, size: int, kazoo: callflow.KazooVersion
) -> Iterator[Diagnostic]:
    """Yield what KAZOO would not like about one flow."""
    for problem in callflow.validate(flow.to_dict(), kazoo=kazoo):
        yield Diagnostic(place, "error", f"KAZOO {kazoo} refuses the flow: {problem.path}: {problem.message}")
    for problem in callflow.lint(flow.to_dict(), kazoo=kazoo):
        level: Literal["error", "warning"] = "error" if problem.rule == "burst" else "warning"
        yield Diagnostic(place, level, f"callers regret the flow: {problem.path}: {problem.message}")
    if size > MAX_FLOW_BYTES:
        message = (
            f"the flow takes {size:,} bytes, over {MAX_FLOW_BYTES:,}; the most of it is under "
            f"{_heaviest(flow)}: move that to a menu of its own"
        )
        yield Diagnostic(place, "error", message)


def _heaviest(flow: Flow) -> str:
    """Return the branches that lead to where a flow is big: as long as one child holds most of its parent."""
    keys: list[str] = []
    while flow.children:
        sizes = {key: len(child.to_json()) for key, child in flow.children.items()}
        key = max(sizes, key=lambda each: sizes[each])
        if sizes[key] < MAX_FLOW_BYTES // 4:
            break
        keys.append(key)
        flow = flow.children[key]
    return " > ".join([*keys, flow.module])
