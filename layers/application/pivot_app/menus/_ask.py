"""Puts a menu's question to the caller."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

import kazoo_callflow as cf
from pivot_app.actions import ActionScope, Piece, goodbye, join, ours, perform, pieces, play

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions import Step
    from pivot_app.menus._schema import Menu, MenuPage

EndKey = Literal["#", "*", "0", "9", "8", "7", "6", "5", "4", "3", "2", "1"]
KEYS: tuple[EndKey, ...] = get_args(EndKey)

SENSITIVE = "sensitive"
"""The collection of every sensitive question."""


def ask(page: MenuPage, scope: ActionScope, *, notice: list[Piece], greet: bool = True) -> Flow:
    """Return the flow that puts a menu's question and leads the answer to `menu_selection`.

    `notice` is spoken before the question, the menu's greeting only to a caller who arrives. Outside of its
    opening hours a menu does something else instead.
    """
    menu, step = page.menu, scope.step
    if step.number > page.max_steps:
        scope.explain("step limit", limit=page.max_steps)
        return goodbye(scope)
    if menu.hours is not None:
        state = scope.context.schedule_state(page.schedules[menu.hours.schedule])
        if state != "open":
            name = "holiday" if state == "holiday" and menu.hours.holiday is not None else "closed"
            action = getattr(menu.hours, name)
            scope.explain("opening hours", menu=page.name, state=state, action=action.do)
            instead = perform(action, replace(scope, last_resort=True).at("menu", "hours", name))
            return join(play(notice), instead)
    scope.explain("present menu", menu=page.name, version=step.version, attempt=step.attempt)
    collection = cf.collect_dtmf(
        collection_name=collection_name(menu, step),
        max_digits=menu.digits,
        terminator=end_key(menu),
        timeout=menu.timeout_ms,
        interdigit_timeout=menu.interdigit_timeout_ms,
    )
    answer = scope.context.go("menu_selection", carry=step.carried(), query={})
    return join(_question(menu, scope, notice, greet=greet and step.attempt == 1), collection) >> answer


def end_key(menu: Menu) -> EndKey:
    """Return the key that ends the collection: the terminator, or for single digits one that no answer
    uses."""
    if menu.terminator is not None or menu.digits > 1:
        return menu.terminator or "#"
    return next(key for key in KEYS if key not in menu.keys)


def collection_name(menu: Menu, step: Step) -> str:
    """Return the collection of one question: sensitive ones share a name that every callback is told to keep
    secret."""
    return SENSITIVE if menu.sensitive else step.collection


def _question(menu: Menu, scope: ActionScope, notice: list[Piece], *, greet: bool) -> Flow | None:
    """Return the audio before the keys. Texts of one voice are one tts, so that a key stops all of it."""
    greeting = menu.greeting_on_return if scope.step.returned else menu.greeting
    heard = [*notice]
    if greet and greeting is not None:
        heard += pieces(greeting, scope)
    heard += pieces(menu.prompt, scope)
    question = play(heard, None if menu.barge_in else [])
    if not menu.barge_in and question is not None:
        # Keys pressed under a prompt stay in the default collection, and collect_dtmf would take them as the
        # answer.
        question = question >> cf.flush_dtmf(collection_name="default")
    return question


def not_understood(menu: Menu, answer: str, scope: ActionScope) -> list[Piece]:
    """Return what is said before a question is put again: after silence, or after a wrong key."""
    retry, phrase = (menu.no_match, "not_a_choice") if answer else (menu.no_input, "nothing_pressed")
    if retry.say is not None:
        return pieces(retry.say, scope)
    return [ours(phrase, scope)]
