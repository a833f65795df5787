"""Finds the entry that a caller's answer selects, and the action when it selects none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import kazoo_callflow as cf
from pivot_app.actions import ActionScope, goodbye, join, path_text, perform, pieces, play
from pivot_app.lazy_dataclass import dataclass
from pivot_app.menus._ask import SENSITIVE, ask, not_understood

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions import ActionContext, AnyAction, Path, Step
    from pivot_app.menus._schema import Menu, MenuPage

Pages = Callable[[str], "MenuPage | None"]
"""Finds another menu of the same version, if it costs no further read."""

MOST_CARRIED_DIGITS = 40


def render_menu(page: MenuPage, step: Step, context: ActionContext, pages: Pages) -> Flow:
    """Return the flow that puts the question of a menu."""
    return ask(page, scope_of(page, step, context, pages), notice=[])


def resolve_selection(page: MenuPage, step: Step, digits: str, context: ActionContext, pages: Pages) -> Flow:
    """Return the flow for what the caller pressed; no digits means the time ran out."""
    scope = scope_of(page, step, context, pages, answer=digits[: page.menu.digits])
    found = key_of(page.menu, scope.answer)
    if found is None:
        flow = scope.around.wrong_answer(scope)
    else:
        action, path = found
        shown = "(sensitive)" if page.menu.sensitive else scope.answer
        scope.explain("key", menu=page.name, key=shown, action=action.do)
        flow = perform(action, scope.at("menu", *path))
        if page.menu.echo is not None:
            flow = join(play(pieces(page.menu.echo, scope)), flow)
    # KAZOO sends every collection again with each later request of the call: have it forget this one first.
    return cf.flush_dtmf(collection_name=SENSITIVE) >> flow if page.menu.sensitive else flow


def key_of(menu: Menu, answer: str) -> tuple[AnyAction, Path] | None:
    """Return (action, path) of the key an answer matches: exactly, by a pattern, or as any other answer."""
    if not answer:
        return None
    if answer in menu.keys:
        return menu.keys[answer], ("keys", str(list(menu.keys).index(answer)))
    for position, (key, action) in enumerate(menu.keys.items()):
        if key.startswith("/") and _pattern(key).fullmatch(answer):
            return action, ("keys", str(position))
    return None if menu.any is None else (menu.any, ("any",))


@lru_cache(maxsize=1024)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(key[1:-1])


def scope_of(
    page: MenuPage, step: Step, context: ActionContext, pages: Pages, *, answer: str = ""
) -> ActionScope:
    """Return the scope of a menu's actions."""
    around = MenuSurroundings(page, pages)
    return ActionScope(
        context=context, around=around, step=step, answer=answer, sensitive=page.menu.sensitive
    )


@dataclass(frozen=True, slots=True)
class MenuSurroundings:
    """The menu that contains an action."""

    page: MenuPage
    pages: Pages

    @property
    def settings(self) -> MenuPage:
        """The page itself contains the values that it needs from its document."""
        return self.page

    def enter(self, menu: str, scope: ActionScope) -> Flow:
        """Return the flow that presents another menu."""
        return self._present(scope.step.enter(menu), scope)

    def back(self, scope: ActionScope) -> Flow:
        """Return the flow that presents the menu before; only its question is spoken."""
        return self._present(scope.step.back_to(self.page.start), scope)

    def repeat(self, scope: ActionScope) -> Flow:
        """Return the flow that puts the same question again."""
        step = scope.step.restart()
        if scope.later:
            return scope.context.go("menu", carry=replace(step, returned=True).carried(), query={})
        return ask(self.page, _fresh(scope, step), notice=[], greet=False)

    def wrong_answer(self, scope: ActionScope) -> Flow:
        """Return the question again, or what happens after the last try."""
        if scope.last_resort:
            return goodbye(scope)
        menu, step = self.page.menu, scope.step
        silent = not scope.answer
        retry = menu.no_input if silent else menu.no_match
        if tries_used_up(menu, step, silent=silent):
            path = (
                ("give_up",) if retry.give_up is None else ("no_input" if silent else "no_match", "give_up")
            )
            action = retry.give_up or menu.give_up
            scope.explain("tries used up", menu=self.page.name, tries=step.attempt, action=action.do)
            return perform(action, replace(scope, path=("menu", *path), depth=0, last_resort=True))
        scope.explain("no input" if silent else "no match", menu=self.page.name, attempt=step.attempt)
        notice = not_understood(menu, scope.answer, scope)
        return ask(self.page, _fresh(scope, step.retry(silent=silent)), notice=notice)

    def resume(self, path: Path, scope: ActionScope) -> Flow:
        """Return a pivot that goes on at an action of this menu."""
        carry: dict[str, str | int] = {**scope.step.carried(), "at": path_text(path)}
        if scope.answer and not scope.sensitive:
            carry["digits"] = scope.answer[:MOST_CARRIED_DIGITS]
        return scope.context.go("menu", carry=carry, query={})

    def _present(self, step: Step, scope: ActionScope) -> Flow:
        page = None if scope.later else self.pages(step.menu)
        if page is None and step.number <= self.page.max_steps:
            return scope.context.go("menu", carry=step.carried(), query={})
        page = page or self.page
        around = MenuSurroundings(page, self.pages)
        return ask(
            page, replace(_fresh(scope, step), around=around, sensitive=page.menu.sensitive), notice=[]
        )


def _fresh(scope: ActionScope, step: Step) -> ActionScope:
    return replace(scope, step=step, answer="", path=(), depth=0, last_resort=False)


def tries_used_up(menu: Menu, step: Step, *, silent: bool) -> bool:
    """Return whether this was the last try: of all, of silences, or of wrong keys."""
    most = menu.max_timeouts if silent else menu.max_failures
    if most is not None:
        return (step.timeouts if silent else step.failures) + 1 >= most
    if menu.max_timeouts is not None or menu.max_failures is not None:
        # The other kind is counted apart.
        return (step.timeouts if silent else step.failures) + 1 >= menu.tries
    return step.attempt >= menu.tries
