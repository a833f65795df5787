"""Deciding a call: the first rule that fits, and why the earlier ones did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routing._facts import Facts
from routing._questions import Scene, holds, miss

if TYPE_CHECKING:
    from menus import AnyAction
    from routing._conditions import Condition
    from routing._document import RoutePage, Rule

DEFAULT_ROUTE = "default"


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule decided, and which earlier ones did not.

    `rule` is None when no rule applied and `otherwise` decided.
    """

    action: AnyAction
    rule: Rule | None
    index: int
    missed: tuple[tuple[Rule, Condition], ...]
    scene: Scene

    @property
    def name(self) -> str:
        """The name of the deciding rule."""
        return self.rule.name if self.rule else "otherwise"

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Yield (rule, why it did not apply) in order; the words are only made when asked for."""
        for rule, condition in self.missed:
            yield rule.name, miss(condition, self.scene)


def decide(page: RoutePage, facts: Facts) -> Decision:
    """Find the first rule whose conditions all hold; there is always exactly one decision."""
    scene = Scene(facts=facts, time_zone=page.time_zone, schedules=page.schedules)
    missed: list[tuple[Rule, Condition]] = []
    for index, rule in enumerate(page.route.rules):
        for condition in rule.when:
            if not holds(condition, scene):
                missed.append((rule, condition))
                break
        else:
            return Decision(rule.then, rule, index, tuple(missed), scene)
    return Decision(page.route.otherwise, None, len(page.route.rules), tuple(missed), scene)
