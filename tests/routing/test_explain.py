"""Exactly one rule decides any call, and the explanation agrees with the decision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pivot_app.conditions import (
    CallAttributes,
    EvaluationContext,
    KnownCallerRecord,
    matches,
)
from pivot_app.routing import decide, read_page
from pivotctl.data import RoutingDocument, lint, load, pages_of

NUMBERS = ["+14155550100", "+14155550199", "+12125550100", "+4930123456", "anonymous", "1001"]

simple = st.one_of(
    st.builds(
        lambda n: {"test": "caller_number", "one_of": n}, st.lists(st.sampled_from(NUMBERS[:4]), min_size=1)
    ),
    st.builds(
        lambda n: {"test": "caller_prefix", "one_of": [n]},
        st.sampled_from(["+1", "+1415", "+49", "+1212555"]),
    ),
    st.builds(lambda n: {"test": "caller_country", "one_of": [n]}, st.sampled_from(["US", "DE", "FR"])),
    st.builds(lambda n: {"test": "dialled", "one_of": [n]}, st.sampled_from(NUMBERS)),
    st.builds(
        lambda n: {"test": "caller_attribute", "name": "vip", "one_of": [n]}, st.sampled_from(["yes", "no"])
    ),
    st.just({"test": "known_caller"}),
    st.builds(lambda n: {"test": "balance", "at_least": n}, st.sampled_from(["0.01", "5", "100.00"])),
    st.builds(lambda n: {"test": "weekday", "days": n}, st.sampled_from(["mon-fri", "sat,sun", "mon-sun"])),
    st.builds(
        lambda n: {"test": "time", "spans": n}, st.sampled_from(["00:00-12:00", "09:00-17:00", "00:00-24:00"])
    ),
    st.builds(lambda n: {"test": "share", "percent": n}, st.sampled_from([0, 20, 50, 100])),
    st.builds(lambda n: {"test": "language", "one_of": [n]}, st.sampled_from(["en", "es"])),
)
conditions = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(lambda of: {"test": "not", "of": of}, inner),
        st.builds(lambda of: {"test": "any", "of": of}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=4,
)


def routing(routes: dict[str, Any]) -> RoutingDocument:
    """A routing document."""
    made = load({"kind": "routing", "routes": routes})
    assert isinstance(made, RoutingDocument)
    return made


def document(whens: list[list[dict[str, Any]]]) -> RoutingDocument:
    """Rules named by their number, each with an action of its own."""
    rules = [
        {"name": str(n), "when": when, "then": {"do": "callback", "path": f"r{n}"}}
        for n, when in enumerate(whens)
    ]
    route = {"rules": rules, "otherwise": {"do": "callback", "path": "otherwise"}}
    return routing({"default": route})


documents = st.lists(st.lists(conditions, max_size=3), max_size=8).map(document)
facts = st.builds(
    lambda caller, dialled, now, vip, balance, known: CallAttributes(
        now=now.replace(tzinfo=UTC),
        caller_number=caller,
        dialled=dialled,
        language="en",
        find_caller=lambda: KnownCallerRecord("1", "Ada", {"vip": vip, "language": "es"}) if known else None,
        find_available_micros=lambda: balance,
    ),
    st.sampled_from(NUMBERS),
    st.sampled_from(NUMBERS),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1)),  # noqa: DTZ001
    st.booleans(),
    st.sampled_from([None, 0, 5_000_000]),
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(rules=documents, call=facts)
def test_one_rule_decides_and_the_explanation_agrees(rules: RoutingDocument, call: CallAttributes) -> None:
    """Every earlier rule misses by the condition named, with a reason; the deciding one holds in all of
    its own."""
    page = rules.page("default")
    decision = decide(page, call)
    everything = page.route.rules
    holding = [
        n for n, rule in enumerate(everything) if all(matches(each, decision.context) for each in rule.when)
    ]
    assert decision.index == (holding[0] if holding else len(everything))
    assert decision.action.path == (f"r{holding[0]}" if holding else "otherwise")  # type: ignore[union-attr]
    assert [name for name, _ in decision.reasons()] == [str(n) for n in range(decision.index)]
    assert not any(matches(condition, decision.context) for condition in decision.missed)
    assert all(why for _, why in decision.reasons())


@settings(max_examples=100, deadline=None)
@given(rules=documents, call=facts)
def test_a_stored_page_decides_as_the_document_does(rules: RoutingDocument, call: CallAttributes) -> None:
    """What is read from the database is what was written in the file."""
    page = rules.page("default")
    stored = read_page(pages_of(rules)["default"])
    assert decide(stored, call).name == decide(page, call).name


@settings(max_examples=300, deadline=None)
@given(rules=documents, calls=st.lists(facts, min_size=3, max_size=6))
def test_a_rule_called_shadowed_never_decides(rules: RoutingDocument, calls: list[CallAttributes]) -> None:
    """Lint may miss a shadow, but never sees one where there is none."""
    shadowed = {found.place[3] for found in lint(rules) if "never decide" in found.message}
    page = rules.page("default")
    for call in calls:
        assert decide(page, call).index not in shadowed


def test_a_condition_implied_by_another_holds_whenever_that_does() -> None:
    """Spot checks of what shadowing rests on."""
    rules = document(
        [
            [{"test": "caller_prefix", "one_of": "+1"}],
            [{"test": "caller_number", "one_of": ["+14155550100", "+12125550100"]}],
            [{"test": "weekday", "days": "mon"}, {"test": "caller_prefix", "one_of": "+1415"}],
            [{"test": "caller_number", "one_of": ["+14155550100", "+4930123456"]}],
        ]
    )
    assert [found.place[3] for found in lint(rules) if "never decide" in found.message] == [1, 2]
    scene = EvaluationContext(CallAttributes(now=datetime(2026, 1, 1, tzinfo=UTC)), "UTC", {})
    assert not matches(rules.routes["default"].rules[0].when[0], scene)
