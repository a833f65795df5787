"""The context of actions: the call they run in, and their place in a document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pivot_app.actions._step import Step
from pivot_app.documents import PLACE, FromTable, Part, Values, fill
from pivot_app.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from pivot_app.actions._schema import Action, AnyAction, Path
    from pivot_app.conditions import Condition
    from pivot_app.schedules import Schedule
    from pivot_app.speech import Spoken


class DocumentSettings(Protocol):
    """The values that a page takes from its document."""

    @property
    def time_zone(self) -> str:
        """The time zone of conditions without one."""

    @property
    def schedules(self) -> Mapping[str, Schedule]:
        """The schedules the page refers to."""

    @property
    def tables(self) -> Mapping[str, Mapping[str, str]]:
        """The tables the page refers to."""

    @property
    def goodbye(self) -> tuple[Part, ...] | None:
        """The text that is spoken before the call is ended."""


class ActionContext(Protocol):
    """The call that an action runs in."""

    @property
    def now(self) -> datetime:
        """When the call is answered."""

    def value(self, name: str, language: str) -> str | None:
        """Return the value of a placeholder such as `caller.name`; money comes in words of the language."""

    def look_up(self, key: str, value: Values) -> str | None:
        """Return what an HTTP source answers, `SOURCE.PATH`; `value` fills the source's address."""

    def mismatch(
        self, conditions: Sequence[Condition], settings: DocumentSettings, value: Values
    ) -> str | None:
        """Return why the first condition that does not hold does not; None when all hold.

        `value` gives the values that conditions compare.
        """

    def schedule_state(self, schedule: Schedule) -> str:
        """Return `open`, `closed` or `holiday`."""

    def available_micros(self) -> int | None:
        """Return what the caller's account may spend; None when unknown."""

    def balance_sentence(self, language: str) -> Spoken:
        """Return the sentence that speaks the balance, or that it is unknown."""

    def pin_is(self, digits: str) -> bool:
        """Return whether the digits are the PIN of the caller's account."""

    def go(self, callback: str, *, carry: Mapping[str, str | int], query: Mapping[str, str]) -> Flow:
        """Return a pivot to another callback of this deployment."""

    def explain(self, rule: str, **facts: str | int) -> None:
        """Record a decision for those who look at the call later."""


class Surroundings(Protocol):
    """The menu or the route that contains an action."""

    @property
    def settings(self) -> DocumentSettings:
        """The values that the page takes from its document."""

    def enter(self, menu: str, scope: ActionScope) -> Flow:
        """Return the flow that presents another menu."""

    def back(self, scope: ActionScope) -> Flow:
        """Return the flow that presents the menu before."""

    def repeat(self, scope: ActionScope) -> Flow:
        """Return the flow that presents the same menu again."""

    def wrong_answer(self, scope: ActionScope) -> Flow:
        """Return the flow for a wrong answer."""

    def resume(self, path: Path, scope: ActionScope) -> Flow:
        """Return a pivot that goes on at an action of the page, for a branch that runs later."""


@dataclass(frozen=True, slots=True)
class ActionScope:
    """The place where an action is performed.

    answer: what the caller entered; sensitive: it must not be stored or sent on.
    path: the action's place in its page. later: the flow runs when time has passed, in a failure branch.
    depth: how many rings are above it in the same answer. last_resort: no question follows if it fails.
    """

    context: ActionContext
    around: Surroundings
    step: Step
    answer: str = ""
    sensitive: bool = False
    path: Path = ()
    later: bool = False
    depth: int = 0
    last_resort: bool = False

    @property
    def language(self) -> str:
        """The language the caller hears."""
        return self.step.language

    def at(self, *path: str, step: Step | None = None) -> ActionScope:
        """Return the scope of an action that follows."""
        return replace(self, path=(*self.path, *path), step=step or self.step)

    def value(self, name: str, language: str) -> str | None:
        """Return the value of a placeholder: the answer, the call's state, or what the call knows."""
        if name == "call.digits":
            return self.answer or None
        owner, _, key = name.partition(".")
        if owner == "state":
            return self.step.state.get(key)
        if owner == "lookup":
            return self.context.look_up(key, self.value)
        return self.context.value(name, language)

    def mismatch(self, conditions: Sequence[Condition]) -> str | None:
        """Return why the first condition that does not hold does not; None when all hold."""
        return self.context.mismatch(conditions, self.around.settings, self.value)

    def text(self, value: str | FromTable, form: str = "") -> str | None:
        """Return a field's value with its placeholders filled; None when it is missing or of another form."""
        if isinstance(value, FromTable):
            key = self._filled(value.by)
            found = None if key is None else self.around.settings.tables.get(value.from_, {}).get(key)
        else:
            found = self._filled(value)
        if found is None or (form and not re.fullmatch(form, found)):
            self.explain("value missing" if found is None else "value unfit", value=_shown(value))
            return None
        return found

    def texts(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return every value filled as a sentence is, but not for speech; what is missing is left empty."""
        return {name: fill(text, self.language, self.value, spoken=False) for name, text in values.items()}

    def _filled(self, value: str) -> str | None:
        missing = False

        def found(place: re.Match[str]) -> str:
            nonlocal missing
            known = self.value(place[1], self.language)
            missing = missing or (not known and place[2] is None)
            return known or place[2] or ""

        filled = PLACE.sub(found, value)
        return None if missing else filled

    def explain(self, rule: str, **facts: str | int) -> None:
        """Record a decision; a branch that may run later has not decided anything yet."""
        if not self.later:
            self.context.explain(rule, **facts)


def _shown(value: str | FromTable) -> str:
    return value if isinstance(value, str) else f"{value.from_}[{value.by}]"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The action a call gets to after every decision, with what is said on the way to it."""

    action: AnyAction | Action
    scope: ActionScope
    said: tuple[tuple[Part, ...], ...] = field(default=())
