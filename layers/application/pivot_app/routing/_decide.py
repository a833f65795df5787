"""Deciding a call: the first rule that fits, and why the earlier ones did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pivot_app.conditions import CallAttributes, EvaluationContext, explain_mismatch, first_mismatch
from pivot_app.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from pivot_app.actions import AnyAction
    from pivot_app.conditions import Condition
    from pivot_app.routing._schema import RoutePage, Rule


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
    context: EvaluationContext

    @property
    def name(self) -> str:
        """The name of the deciding rule."""
        return self.rule.name if self.rule else "otherwise"

    @property
    def path(self) -> tuple[str, ...]:
        """The position of the action in the page."""
        return ("route", "otherwise") if self.rule is None else ("route", "rules", str(self.index), "then")

    def reasons(self, *, last: int | None = None) -> Iterator[tuple[str, str]]:
        """Yield (rule, why it did not apply) in order, of the `last` ones only; words are made when asked
        for."""
        first = max(0, len(self.missed) - last) if last is not None else 0
        for index in range(first, len(self.missed)):
            yield self.rules[index].name, explain_mismatch(self.missed[index], self.context)


def decide(page: RoutePage, attributes: CallAttributes) -> Decision:
    """Return the first rule whose conditions all hold; there is always exactly one decision."""
    context = EvaluationContext(attributes, page.time_zone, page.schedules)
    rules = page.route.rules
    missed: list[Condition] = []
    for index, rule in enumerate(rules):
        mismatch = first_mismatch(rule.when, context)
        if mismatch is None:
            return Decision(rule.then, rule, index, missed, rules, context)
        missed.append(mismatch)
    return Decision(page.route.otherwise, None, len(rules), missed, rules, context)
