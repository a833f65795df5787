"""Finds what is wrong with a menus document before a caller does.

Not imported by the callbacks: it plays every answer a document can produce, which takes its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import kazoo_callflow as callflow
from kazoo_callflow import Flow
from pivot_app.actions._actions import (
    AnyAction,
    Back,
    CheckPin,
    GoToMenu,
    Repeat,
    SwitchLanguage,
    branches,
    walk,
)
from pivot_app.documents._findings import Finding, Place
from pivot_app.documents._texts import FILLED_CHARACTERS, places
from pivot_app.menus import _engine as engine
from pivot_app.menus._document import Menu, MenuDocument, Page
from pivot_app.menus._lengths import too_long
from pivot_app.menus._misspelt import misspelt
from pivot_app.menus._step import Step
from pivot_app.schedules._hours import state

MAX_FLOW_BYTES = 60_000
"""A flow larger than this makes KAZOO and API Gateway work while the caller listens to silence."""

Progress = Callable[[int, int], None]


def lint(
    document: MenuDocument,
    *,
    kazoo: callflow.KazooVersion = "4.3",
    progress: Progress = lambda _done, _all: None,
) -> Iterator[Finding]:
    """Yield everything wrong with a document; flows are played only when its structure is right."""
    found = list(structure(document))
    yield from found
    if not any(each.level == "error" for each in found):
        yield from _flows(document, kazoo, progress)


def structure(document: MenuDocument) -> Iterator[Finding]:
    """Yield what can be seen without playing a call."""
    yield from _dangling(document)
    yield from _unreachable(document)
    yield from _endless(document)
    yield from _keys(document)
    yield from _secrets(document)
    yield from _languages(document)
    yield from too_long(document, all_texts(document))
    yield from misspelt(all_texts(document))


def all_actions(menu: Menu) -> Iterator[tuple[Place, AnyAction]]:
    """Yield (place in the menu, action) of every action, nested ones included."""
    for place, action in menu.actions():
        yield from nested_actions(place, action)


def nested_actions(place: Place, action: AnyAction) -> Iterator[tuple[Place, AnyAction]]:
    """Yield the action and all inside it, each with its place."""
    yield place, action
    for field, following in branches(action):
        yield from nested_actions((*place, field), following)


def _dangling(document: MenuDocument) -> Iterator[Finding]:
    names = document.menus.keys()
    if document.start not in names:
        yield Finding(("start",), "error", _no_such("menu", document.start, names))
    for name, menu in document.menus.items():
        if menu.hours is not None and menu.hours.schedule not in document.schedules:
            yield Finding(
                ("menus", name, "hours", "schedule"),
                "error",
                _no_such("schedule", menu.hours.schedule, document.schedules.keys()),
            )
        for place, action in all_actions(menu):
            if isinstance(action, GoToMenu) and action.menu not in names:
                yield Finding(("menus", name, *place, "menu"), "error", _no_such("menu", action.menu, names))
            if isinstance(action, CheckPin) and place[0] not in ("keys", "any"):
                message = "there are no digits to check here; check_pin belongs to a key or to any"
                yield Finding(("menus", name, *place), "error", message)
            if isinstance(action, CheckPin) and not menu.sensitive:
                message = (
                    "a PIN is entered here; set `sensitive: true`, so that its digits are stored nowhere"
                )
                yield Finding(("menus", name), "error", message)


def _secrets(document: MenuDocument) -> Iterator[Finding]:
    """The digits of a sensitive question are not to be spoken or sent on."""
    for name, menu in document.menus.items():
        for place, action in all_actions(menu) if menu.sensitive else ():
            texts = [
                *(getattr(action, "say", None) or {}).values(),
                *(getattr(action, "text", None) or {}).values(),
            ]
            values = getattr(action, "values", None) or {}
            if "call.digits" in places(dict(enumerate([*texts, *values.values()]))):  # type: ignore[arg-type]
                message = "the digits of a sensitive question would be repeated here"
                yield Finding(("menus", name, *place), "error", message)


def _no_such(what: str, name: str, names: object) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, list(names), n=1)  # type: ignore[call-overload]
    return f"there is no {what} {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


def targets(menu: Menu, start: str, origins: frozenset[str] = frozenset()) -> set[str]:
    """The menus that can follow this one, by any key or by silence."""
    found: set[str] = set()
    for _, action in all_actions(menu):
        if isinstance(action, GoToMenu):
            found.add(action.menu)
        elif isinstance(action, Back):
            found |= origins or {start}
    return found


def _unreachable(document: MenuDocument) -> Iterator[Finding]:
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
            yield Finding(("menus", name), "warning", message)


def _endless(document: MenuDocument) -> Iterator[Finding]:
    """A caller who stays silent must come to an end: following only silent actions may never lead in a
    circle."""
    silent: dict[str, dict[str, Place]] = {}
    for name, menu in document.menus.items():
        following: dict[str, Place] = {}
        for place, action in menu.silent_actions():
            for inner in walk(action):
                if isinstance(inner, GoToMenu):
                    following.setdefault(inner.menu, place)
                elif isinstance(inner, Repeat):
                    following.setdefault(name, place)
                elif isinstance(inner, Back):
                    for origin in _origins(document, name):
                        following.setdefault(origin, place)
        silent[name] = following
    for cycle in _cycles(silent):
        first, second = cycle[0], cycle[1 % len(cycle)]
        route = " -> ".join([*cycle, first])
        message = (
            f"a silent caller goes round without end: {route}; let one of these hang up or take a message"
        )
        yield Finding(("menus", first, *silent[first][second]), "error", message)


def _origins(document: MenuDocument, name: str) -> Iterator[str]:
    yield document.start
    for origin, menu in document.menus.items():
        if any(isinstance(action, GoToMenu) and action.menu == name for _, action in all_actions(menu)):
            yield origin


def _cycles(graph: Mapping[str, Mapping[str, Place]]) -> Iterator[list[str]]:
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


def _keys(document: MenuDocument) -> Iterator[Finding]:
    for name, menu in document.menus.items():
        keys = set(menu.keys)
        for key in menu.keys:
            longer = next((other for other in keys if other != key and other.startswith(key)), None)
            if longer is not None and menu.digits > 1:
                message = (
                    f"key {key} is also how {longer} begins: callers who want {key} wait "
                    f"{menu.interdigit_timeout_ms} ms or press {engine.end_key(menu)}"
                )
                yield Finding(("menus", name, "keys", key), "warning", message)


def _languages(document: MenuDocument) -> Iterator[Finding]:
    wanted = document.languages
    for place, texts in all_texts(document):
        tongues = {language[:2] for language in texts}
        missing = [language for language in wanted if language not in texts and language[:2] not in tongues]
        if missing:
            message = (
                f"no text in {', '.join(missing)}; such callers hear "
                f"{'English' if 'en' in tongues else 'another language'}"
            )
            yield Finding(place, "warning", message)
    for name, menu in document.menus.items():
        for place, action in all_actions(menu):
            if isinstance(action, SwitchLanguage) and action.language not in wanted:
                message = f"{action.language} is not among the document's languages ({', '.join(wanted)})"
                yield Finding(("menus", name, *place, "language"), "error", message)


def all_texts(document: MenuDocument) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """Yield (place, text per language) of everything a document speaks."""
    if document.goodbye is not None:
        yield ("goodbye",), document.goodbye
    for name, menu in document.menus.items():
        top = ("menus", name)
        fields: list[tuple[Place, Mapping[str, str] | None]] = [
            ((*top, "greeting"), menu.greeting),
            ((*top, "prompt"), menu.prompt),
            ((*top, "media"), menu.media),
            ((*top, "no_input", "say"), menu.no_input.say),
            ((*top, "no_match", "say"), menu.no_match.say),
        ]
        for place, action in all_actions(menu):
            fields.append(((*top, *place, "say"), getattr(action, "say", None)))
            fields.append(((*top, *place, "text"), getattr(action, "text", None)))
        for place, texts in fields:
            if texts is not None:
                yield place, texts


@dataclass
class DryWorld:
    """A call that is not one: lets every answer of a document be played at a desk."""

    document: MenuDocument
    now: datetime = datetime(2026, 1, 5, 12, tzinfo=UTC)
    available: int | None = None
    pin: bool = False
    together: bool = True
    address: str = "https://pivot.example.test"

    def value(self, place: str, language: str) -> str | None:  # noqa: ARG002
        """Every placeholder as long as it can get."""
        return "x" * FILLED_CHARACTERS

    def available_micros(self) -> int | None:
        """As set."""
        return self.available

    def balance_text(self, language: str) -> str | None:  # noqa: ARG002
        """Known when the balance is."""
        return None if self.available is None else "Your balance is twelve dollars."

    def pin_is(self, digits: str) -> bool:  # noqa: ARG002
        """As set."""
        return self.pin

    def page(self, name: str) -> Page | None:
        """Any menu, or none when menus are to be reached by pivots."""
        return self.document.page(name) if self.together else None

    def go(
        self,
        callback: str,
        *,
        carry: Mapping[str, str | int],  # noqa: ARG002
        query: Mapping[str, str],  # noqa: ARG002
    ) -> Flow:
        """A pivot with a state as long as real ones are."""
        url = f"{self.address}/{callback}?state={'x' * 300}"
        fallback = callflow.tts("Please call again later.") >> callflow.hangup()
        return callflow.pivot(voice_url=url, method="post", req_format="kazoo").otherwise(fallback)

    def explain(self, rule: str, **facts: str | int) -> None:
        """Nothing to explain."""


def played(document: MenuDocument, name: str) -> Iterator[tuple[Place, Flow]]:
    """Yield (place, flow) of the answers one menu can give: in and out of hours, to every key and to none."""
    page, menu = document.page(name), document.menus[name]
    top: Place = ("menus", name)
    for language in document.languages:
        step = Step(version=1, menu=name, language=language)
        last = replace(step, attempt=menu.tries)
        world = DryWorld(document)
        for moment in _moments(page):
            yield top, engine.present(page, step, replace(world, now=moment))
        yield (*top, "no_input"), engine.select(page, step, "", world)
        yield (*top, "give_up"), engine.select(page, last, "", world)
        wrong = next((key for key in "0123456789" if key not in menu.keys), "")
        yield (*top, "no_match"), engine.select(page, step, wrong, world)
        yield (*top, "no_match"), engine.select(page, last, wrong, world)
        for place, answer in [*((("keys", key), key) for key in menu.keys), (("any",), wrong)]:
            for available, pin, together in ((None, False, True), (0, True, False), (10**15, True, True)):
                variant = DryWorld(document, available=available, pin=pin, together=together)
                yield (*top, *place), engine.select(page, step, answer, variant)


def _moments(page: Page) -> list[datetime]:
    """A moment in every state of the menu's schedule that the coming weeks have."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    if page.schedule is None:
        return [begin]
    states: dict[str, datetime] = {}
    for hours in range(0, 24 * 14, 3):
        moment = begin + timedelta(hours=hours)
        states.setdefault(state(page.schedule, moment), moment)
    return list(states.values())


def _flows(document: MenuDocument, kazoo: callflow.KazooVersion, progress: Progress) -> Iterator[Finding]:
    for done, name in enumerate(document.menus, 1):
        seen: set[bytes] = set()
        for place, flow in played(document, name):
            body = flow.to_json()
            if body in seen:
                continue
            seen.add(body)
            yield from flow_findings(place, flow, len(body), kazoo)
        progress(done, len(document.menus))


def flow_findings(place: Place, flow: Flow, size: int, kazoo: callflow.KazooVersion) -> Iterator[Finding]:
    """Yield what KAZOO would not like about one flow."""
    for problem in callflow.validate(flow.to_dict(), kazoo=kazoo):
        yield Finding(place, "error", f"KAZOO {kazoo} refuses the flow: {problem.path}: {problem.message}")
    for problem in callflow.lint(flow.to_dict(), kazoo=kazoo):
        level: Literal["error", "warning"] = "error" if problem.rule == "burst" else "warning"
        yield Finding(place, level, f"callers regret the flow: {problem.path}: {problem.message}")
    if size > MAX_FLOW_BYTES:
        message = (
            f"the flow takes {size:,} bytes; keep failure branches shorter, or move them to a menu of their "
            "own"
        )
        yield Finding(place, "error", message)
