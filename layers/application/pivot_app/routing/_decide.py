"""Deciding a call: the first rule that fits, and why the earlier ones did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pivot_app.routing._facts import Facts
from pivot_app.routing._questions import Scene, holds, miss

if TYPE_CHECKING:
    from pivot_app.menus import AnyAction
    from pivot_app.routing._conditions import Condition
    from pivot_app.routing._document import RoutePage, Rule

DEFAULT_ROUTE = "default"


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule decided, and which earlier ones did not.

    `rule` is None when no rule applied and `otherwise` decided. `missed` has, of each earlier rule in order,
    the condition that did not hold.
    """

    action: AnyAction
    rule: Rule | None
    index: int
    missed: Sequence[Condition]
    rules: Sequence[Rule]
    scene: Scene

    @property
    def name(self) -> str:
        """The name of the deciding rule."""
        return self.rule.name if self.rule else "otherwise"

    def reasons(self, *, last: int | None = None) -> Iterator[tuple[str, str]]:
        """Yield (rule, why it did not apply) in order, of the `last` ones only; words are made when asked
        for."""
        first = max(0, len(self.missed) - last) if last is not None else 0
        for index in range(first, len(self.missed)):
            yield self.rules[index].name, miss(self.missed[index], self.scene)


def decide(page: RoutePage, facts: Facts) -> Decision:
    """Find the first rule whose conditions all hold; there is always exactly one decision."""
    scene = Scene(facts=facts, time_zone=page.time_zone, schedules=page.schedules)
    rules = page.route.rules
    missed: list[Condition] = []
    for index, rule in enumerate(rules):
        for condition in rule.when:
            if not holds(condition, scene):
                missed.append(condition)
                break
        else:
            return Decision(rule.then, rule, index, missed, rules, scene)
    return Decision(page.route.otherwise, None, len(rules), missed, rules, scene)
