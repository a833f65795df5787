"""Which action a call gets to: conditions, hours, gates and PINs are decided before anything is rendered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pivot_app.actions._context import ActionScope, Chosen
from pivot_app.documents import Part, parse_amount

if TYPE_CHECKING:
    from pivot_app.actions import _schema as actions
    from pivot_app.actions._schema import Action, AnyAction


class WrongAnswer:
    """Takes the place of an action where the caller's answer counts as none."""

    do = "wrong_answer"
    say: tuple[Part, ...] | None = None


Following = tuple["AnyAction | Action | WrongAnswer", ActionScope]


def choose(action: AnyAction | Action, scope: ActionScope) -> Chosen:
    """Follow every decision from `action` on, and return the action that is to be rendered.

    Each decision is recorded with its reason. Nothing is rendered here.
    """
    said: list[tuple[Part, ...]] = []
    current: Any = action
    while True:
        alternative = _alternative(current, scope)
        if alternative is not None:
            current, scope = alternative
            continue
        decide = _DECIDE.get(current.do)
        if decide is None:
            return Chosen(current, scope, tuple(said))
        if current.say is not None:
            said.append(current.say)
        current, scope = decide(current, scope)


def _alternative(action: Any, scope: ActionScope) -> Following | None:
    """Return where the conditions or hours of an action lead instead; None when the action itself runs."""
    if isinstance(action, WrongAnswer):
        return None
    if action.when:
        why = scope.mismatch(action.when)
        if why is not None:
            following = action.otherwise
            scope.explain("when", action=action.do, why=why, instead=following.do if following else "none")
            if following is None:
                return WrongAnswer(), scope
            return following, scope.at("otherwise")
        scope.explain("when", action=action.do, holds="yes")
    if action.hours is not None:
        schedule = scope.around.settings.schedules[action.hours.schedule]
        state = scope.context.schedule_state(schedule)
        if state != "open":
            name = "holiday" if state == "holiday" and action.hours.holiday is not None else "closed"
            following = getattr(action.hours, name)
            scope.explain("opening hours", action=action.do, state=state, instead=following.do)
            return following, scope.at("hours", name)
    return None


def _balance_gate(action: actions.BalanceGate, scope: ActionScope) -> Following:
    available, minimum = scope.context.available_micros(), parse_amount(action.minimum)
    if available is None:
        verdict = "unknown" if action.unknown is not None else "short"
    else:
        verdict = "enough" if available >= minimum else "short"
    following = getattr(action, verdict)
    shown = "unknown" if available is None else verdict
    scope.explain("balance gate", minimum_micros=minimum, verdict=shown, action=following.do)
    return following, scope.at(verdict)


def _check_pin(action: actions.CheckPin, scope: ActionScope) -> Following:
    correct = bool(scope.answer) and scope.context.pin_is(scope.answer)
    scope.explain("PIN", correct="yes" if correct else "no")
    return (action.correct, scope.at("correct")) if correct else (WrongAnswer(), scope)


def _language(action: actions.SwitchLanguage, scope: ActionScope) -> Following:
    return action.then, scope.at("then", step=replace(scope.step, language=action.language))


def _remember(action: actions.Remember, scope: ActionScope) -> Following:
    values = {name: value[:MOST_REMEMBERED] for name, value in scope.texts(action.values).items()}
    return action.then, scope.at("then", step=scope.step.remember(values))


MOST_REMEMBERED = 100
"""Characters of a value: all of a call's state travels in one address."""

_DECIDE: dict[str, Callable[[Any, ActionScope], Following]] = {
    "balance_gate": _balance_gate,
    "check_pin": _check_pin,
    "language": _language,
    "remember": _remember,
}
DECISIONS = frozenset(_DECIDE)
"""Actions that only decide which one follows."""
