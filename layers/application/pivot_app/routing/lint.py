"""Finds what is wrong with a routing document before a caller does. Not imported by the callbacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

import kazoo_callflow as callflow
from pivot_app.menus import Finding, GoToMenu, MenuDocument, Page, Place, Step, perform
from pivot_app.menus.lint import DryWorld, flow_findings, nested_actions
from pivot_app.menus.types import FILLED_CHARACTERS, TTS_CHARACTERS, places
from pivot_app.routing._conditions import Condition, Opening, nested
from pivot_app.routing._decide import DEFAULT_ROUTE
from pivot_app.routing._document import Route, RoutingDocument, Rule

Progress = Callable[[int, int], None]

_DRY = MenuDocument.model_validate(
    {"kind": "menus", "start": "main", "menus": {"main": {"prompt": "Hello.", "keys": {"1": "hang_up"}}}}
)


def lint(
    document: RoutingDocument,
    *,
    kazoo: callflow.KazooVersion = "4.3",
    progress: Progress = lambda _done, _all: None,
) -> Iterator[Finding]:
    """Yield everything wrong with a document."""
    if DEFAULT_ROUTE not in document.routes:
        message = "there is no default route: calls to any other number get the callback's fallback"
        yield Finding(("routes",), "warning", message)
    for done, (name, route) in enumerate(document.routes.items(), 1):
        yield from _schedules(document, name, route)
        yield from _shadowed(name, route)
        yield from _texts(document, name, route)
        yield from _flows(document, name, route, kazoo)
        progress(done, len(document.routes))


def unknown_menus(document: RoutingDocument, menus: Collection[str]) -> Iterator[Finding]:
    """Yield the actions that lead to a menu which is not among `menus`."""
    for name, route in document.routes.items():
        for place, action in _actions(name, route):
            if isinstance(action, GoToMenu) and action.menu not in menus:
                message = (
                    f"there is no menu {action.menu!r} among the menus; push those first, or correct the name"
                )
                yield Finding((*place, "menu"), "error", message)


def _schedules(document: RoutingDocument, name: str, route: Route) -> Iterator[Finding]:
    for index, rule in enumerate(route.rules):
        for place, condition in enumerate(rule.when):
            for inner in nested(condition):
                if isinstance(inner, Opening) and inner.schedule not in document.schedules:
                    where = ("routes", name, "rules", index, "when", place)
                    yield Finding(where, "error", f"there is no schedule {inner.schedule!r}")


def _shadowed(name: str, route: Route) -> Iterator[Finding]:
    """Find rules that can never decide: whatever meets them met an earlier one.

    An earlier rule shadows a later one if each of its conditions follows from one of the later rule's.
    Candidates come from an index by a condition's kind and values, so that 10,000 rules are not compared pair
    by pair.
    """
    earlier = _Earlier()
    for index, rule in enumerate(route.rules):
        shadow = next((each for each in earlier.candidates(rule) if _shadows(each, rule)), None)
        if shadow is not None:
            message = f"rule {rule.name!r} can never decide: whoever meets it meets {shadow.name!r} before"
            yield Finding(("routes", name, "rules", index), "warning", message)
        earlier.add(rule)


def _shadows(earlier: Rule, later: Rule) -> bool:
    return all(any(wide.implied_by(narrow) for narrow in later.when) for wide in earlier.when)


class _Earlier:
    """Rules seen so far, found by what their first condition needs of a later rule."""

    def __init__(self) -> None:
        self._always: list[Rule] = []
        self._by_value: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        self._by_test: dict[str, list[Rule]] = defaultdict(list)

    def add(self, rule: Rule) -> None:
        if not rule.when:
            self._always.append(rule)
            return
        first = rule.when[0]
        for key in _keys(first):
            if key[1]:
                self._by_value[key].append(rule)
            else:
                self._by_test[key[0]].append(rule)

    def candidates(self, rule: Rule) -> Iterator[Rule]:
        yield from self._always
        for test in ("any", "not", "share"):
            yield from self._by_test[test]
        for condition in rule.when:
            for inner in nested(condition):
                yield from self._by_test[inner.test] if inner.test not in ("any", "not", "share") else ()
                # One value is enough: what implies the condition holds all of its values.
                values = getattr(inner, "one_of", None)
                if values:
                    yield from self._with_value(inner.test, min(values))
        if any(inner.test == "caller_attribute" for condition in rule.when for inner in nested(condition)):
            yield from self._by_test["known_caller"]

    def _with_value(self, test: str, value: str) -> Iterator[Rule]:
        yield from self._by_value[(test, value)]
        prefixes = {"caller_number": "caller_prefix", "dialled": "dialled_prefix"}.get(test, test)
        if prefixes.endswith("_prefix"):
            for length in range(1, len(value) + 1):
                yield from self._by_value[(prefixes, value[:length])]


def _keys(condition: Condition) -> Iterator[tuple[str, str]]:
    """What a later rule must have for this condition to follow from it: a value, or only the kind."""
    values = getattr(condition, "one_of", None)
    if values:
        for value in values:
            yield condition.test, value
    else:
        yield condition.test, ""


def _actions(name: str, route: Route) -> Iterator[tuple[Place, object]]:
    for index, rule in enumerate(route.rules):
        yield from nested_actions(("routes", name, "rules", index, "then"), rule.then)
    yield from nested_actions(("routes", name, "otherwise"), route.otherwise)


def _texts(document: RoutingDocument, name: str, route: Route) -> Iterator[Finding]:
    for place, action in _actions(name, route):
        for field in ("say", "text"):
            texts = getattr(action, field, None) or {}
            for language, text in texts.items():
                filled = len(text) + FILLED_CHARACTERS * len(places({language: text}))
                if filled > TTS_CHARACTERS:
                    message = f"this may grow to {filled} characters once filled; tts speaks {TTS_CHARACTERS}"
                    yield Finding((*place, field, language), "error", message)
            missing = [each for each in document.languages if each[:2] not in {tag[:2] for tag in texts}]
            if texts and missing:
                yield Finding((*place, field), "warning", f"no text in {', '.join(missing)}")


def _flows(
    document: RoutingDocument, name: str, route: Route, kazoo: callflow.KazooVersion
) -> Iterator[Finding]:
    """Play every different action once for each state of the balance."""
    seen: set[str] = set()
    actions = [(("routes", name, "rules", n, "then"), rule.then) for n, rule in enumerate(route.rules)]
    top: list[tuple[Place, object]] = [*actions, (("routes", name, "otherwise"), route.otherwise)]
    step = Step(version=0, menu="", language=document.languages[0], number=0)
    page = Page.model_construct(
        name="", menu=None, schedule=None, start="", max_steps=100, goodbye=document.goodbye
    )
    for place, action in top:
        key = action.model_dump_json()  # type: ignore[attr-defined]
        if key in seen:
            continue
        seen.add(key)
        for available in (None, 0, 10**15):
            world = replace(DryWorld(_DRY), available=available, together=False)
            flow = perform(action, page, step, world)  # type: ignore[arg-type]
            yield from flow_findings(place, flow, len(flow.to_json()), kazoo)
