"""For any rules that pass lint, and any call: one action is decided, every answer is valid, and explain
agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import kazoo_callflow as callflow
from pivot_app.actions import ACTIONS, Step, choose, perform, resume
from pivot_app.conditions import CallAttributes, Condition, EvaluationContext, matches, why_not
from pivot_app.documents import Values
from pivot_app.routing import RoutePage, decide, scope_of
from pivotctl.data import RoutingDocument, load
from pivotctl.data.lint import structure
from tests.menus.grammar import NUMBERS, TABLE, actions, conditions
from tests.menus.test_every_call_ends import Chained, follow
from tests.routing.test_explain import facts

CONTINUING = {
    name
    for name, record in ACTIONS.items()
    for each in fields(record)
    if each.name == "then" and each.default_factory is not MISSING
}
"""Actions that go back to their menu unless `then` says where to go on."""


def without_menu(value: Any) -> Any:
    """An action of the grammar as a rule may have it: there is no menu to go back to, and no question."""
    if isinstance(value, list):
        return [without_menu(each) for each in value]
    if value in ("back", "repeat"):
        return "hang_up"
    if not isinstance(value, dict):
        return value
    made = {key: without_menu(each) for key, each in value.items()}
    if made.get("do") in ("back", "repeat", "check_pin"):
        return "hang_up"
    if made.get("do") in CONTINUING and "then" not in made:
        made["then"] = "hang_up"
    return made


rules = st.lists(st.tuples(st.lists(conditions(), max_size=3), actions().map(without_menu)), max_size=4)


@st.composite
def documents(draw: st.DrawFn) -> RoutingDocument:
    """Rules of every condition, with every action inside."""
    route = {
        "rules": [{"name": str(n), "when": when, "then": then} for n, (when, then) in enumerate(draw(rules))],
        "otherwise": without_menu(draw(actions(2))),
    }
    office = {"time_zone": "America/New_York", "weekly": {"mon-fri": "09:00-17:00"}}
    written = {
        "kind": "routing",
        "languages": ["en", "es"],
        "tables": {"extensions": TABLE, "numbers": NUMBERS},
        "schedules": {"office": office},
        "routes": {"default": route},
    }
    try:
        return load(written)  # type: ignore[return-value]
    except ValidationError:
        assume(False)
        raise


@dataclass
class Routed(Chained):
    """A world whose conditions are those of a call, and which remembers what was explained."""

    attributes: CallAttributes = field(default_factory=lambda: CallAttributes(now=datetime.now(UTC)))
    explained: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def mismatch(self, conditions: Sequence[Condition], settings: Any, value: Values) -> str | None:
        """Ask the call."""
        context = EvaluationContext(self.attributes, settings.time_zone, settings.schedules, value)
        why = why_not(conditions, context)
        assert (why is None) == all(matches(each, context) for each in conditions)
        return why

    def explain(self, rule: str, **facts: str | int) -> None:
        """Remember it."""
        self.explained.append((rule, facts))


SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(document=documents(), call=facts, data=st.data())
def test_every_call_gets_one_valid_answer_and_explain_agrees(
    document: RoutingDocument, call: CallAttributes, data: st.DataObject
) -> None:
    """Hunts and later branches included; what explain says without rendering is what the answer did."""
    assume(not [found for found in structure(document) if found.level == "error"])
    page: RoutePage = document.page("default")
    decision = decide(page, call)
    step = Step(version=1, menu="", language="en", number=0)
    known, available = data.draw(st.booleans()), data.draw(st.sampled_from([None, 0, 5_000_000]))

    def world() -> Routed:
        return Routed(attributes=call, known=known, available=available)

    dry, real = world(), world()
    chosen = choose(decision.action, scope_of(page, step, dry, path=decision.path))
    flow = perform(decision.action, scope_of(page, step, real, path=decision.path))
    assert dry.explained == real.explained[: len(dry.explained)]
    assert chosen.action.do not in ("balance_gate", "language", "remember")
    for _ in range(600):
        for version in ("4.3", "5"):
            assert callflow.validate(flow, kazoo=version) == []  # type: ignore[arg-type]
        asked = follow(flow, data.draw)
        if asked is None or "at" not in asked[1]:
            return
        later = Step.from_carried(asked[1])
        flow = resume(page, str(asked[1]["at"]), scope_of(page, later, world()))
    raise AssertionError("the call does not end")
