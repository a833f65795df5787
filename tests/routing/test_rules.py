"""Rules: which one decides, and why the others did not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from pivot_app.conditions import CallAttributes, KnownCallerRecord
from pivot_app.routing import Decision, decide
from pivotctl.data import RoutingDocument, lint, load

USER = "a" * 32
MONDAY_NOON = datetime(2026, 1, 5, 17, tzinfo=UTC)
HANG_UP = {"do": "hang_up"}


def decision(*rules: list[dict[str, Any]], facts: CallAttributes, **settings: Any) -> Decision:
    """Decide among rules named 0, 1, …"""
    named = [
        {"name": str(n), "when": when, "then": {"do": "ring_user", "id": USER}}
        for n, when in enumerate(rules)
    ]
    doc = load(
        {
            "kind": "routing",
            "time_zone": "America/New_York",
            "routes": {"default": {"rules": named, "otherwise": HANG_UP}},
            **settings,
        }
    )
    assert isinstance(doc, RoutingDocument)
    return decide(doc.page("default"), facts)


def call(**fields: Any) -> CallAttributes:
    """A call from San Francisco on a Monday at noon in New York."""
    return CallAttributes(
        **{"now": MONDAY_NOON, "caller_number": "+14155550100", "dialled": "+12125550100", **fields}
    )


def vip() -> KnownCallerRecord:
    """A known caller who is very important, and says so in two ways."""
    return KnownCallerRecord("1000", "Ada", {"vip": True, "tier": "gold", "language": "es"})


HOLDS: list[tuple[dict[str, Any], CallAttributes]] = [
    ({"test": "caller_number", "one_of": "+14155550100"}, call()),
    ({"test": "caller_number", "one_of": ["anonymous"]}, call(caller_number="anonymous")),
    ({"test": "caller_number", "one_of": ["+14155550100"]}, call(caller_number="4155550100", region="US")),
    ({"test": "caller_prefix", "one_of": ["+1900", "+1415"]}, call()),
    ({"test": "caller_country", "one_of": ["US"]}, call(caller_number="+14155552671")),
    ({"test": "caller_country", "one_of": ["DE"]}, call(caller_number="+4930123456")),
    ({"test": "caller_type", "one_of": "mobile"}, call(caller_number="+447400123456")),
    ({"test": "caller_type", "one_of": "unknown"}, call(caller_number="alice")),
    ({"test": "dialled", "one_of": ["+12125550100"]}, call()),
    ({"test": "dialled_prefix", "one_of": ["+1212"]}, call()),
    ({"test": "language", "one_of": "es"}, call(find_caller=vip)),
    ({"test": "language", "one_of": "de"}, call(language="de-de")),
    ({"test": "known_caller"}, call(find_caller=vip)),
    ({"test": "caller_attribute", "name": "vip", "one_of": "yes"}, call(find_caller=vip)),
    ({"test": "caller_attribute", "name": "tier"}, call(find_caller=vip)),
    ({"test": "balance", "at_least": "2.50"}, call(find_available_micros=lambda: 2_500_000)),
    ({"test": "time", "spans": "11:00-13:00"}, call()),
    ({"test": "time", "spans": ["17:00-18:00"], "time_zone": "UTC"}, call()),
    ({"test": "weekday", "days": "mon-fri"}, call()),
    ({"test": "dates", "first": "2026-01-05", "last": "2026-01-05"}, call()),
    ({"test": "holiday", "country": "US"}, call(now=datetime(2026, 12, 26, 1, tzinfo=UTC))),
    ({"test": "variable", "name": "campaign", "one_of": ["spring"]}, call(variables={"campaign": "spring"})),
    ({"test": "sip_header", "name": "X-Tier", "one_of": ["1"]}, call(sip_headers={"x-tier": "1"})),
    ({"test": "share", "percent": 100}, call()),
    ({"test": "any", "of": [{"test": "known_caller"}, {"test": "weekday", "days": "mon"}]}, call()),
    ({"test": "not", "of": {"test": "known_caller"}}, call()),
]


@pytest.mark.parametrize(("condition", "facts"), HOLDS, ids=lambda value: str(value)[:40])
def test_a_condition_holds(condition: dict[str, Any], facts: CallAttributes) -> None:
    """Each kind of condition, on a call that meets it; its negation does not hold."""
    assert decision([condition], facts=facts).name == "0"
    assert decision([{"test": "not", "of": condition}], facts=facts).name == "otherwise"


STRANGER = call(caller_number="anonymous", now=datetime(2026, 1, 4, 3, tzinfo=UTC), dialled="2000")


@pytest.mark.parametrize(
    "condition", [each for each, _ in HOLDS if each["test"] not in ("share", "not", "caller_type")], ids=str
)
def test_why_a_condition_does_not_hold_is_said(condition: dict[str, Any]) -> None:
    """On a stranger's call on a Saturday night nearly nothing holds, and each condition says so in words."""
    made = decision([condition], facts=STRANGER)
    if made.name == "otherwise":
        ((rule, why),) = made.reasons()
        assert rule == "0"
        assert why


def test_the_first_rule_that_holds_decides() -> None:
    """Later rules are not asked; earlier ones are explained in order."""
    weekend = [{"test": "weekday", "days": "sat,sun"}]
    known = [{"test": "known_caller"}]
    made = decision(weekend, known, [], [], facts=call())
    assert made.name == "2"
    assert list(made.reasons()) == [("0", "it is mon, not sat,sun"), ("1", "the caller is not known")]


def test_what_costs_a_look_up_is_asked_once_and_only_when_needed() -> None:
    """Two rules about the caller cost one look-up; rules that never get there none."""
    asked: list[int] = []

    def find() -> None:
        asked.append(1)

    decision([{"test": "dialled", "one_of": "+12125550100"}], facts=call(find_caller=find))
    assert asked == []
    known = [{"test": "known_caller"}]
    decision(known, known, facts=call(find_caller=find))
    assert asked == [1]


def test_a_share_is_stable_for_a_caller_and_right_in_all() -> None:
    """The same callers every time, and about as many as asked for."""
    when = [{"test": "share", "percent": 30, "split": "pilot"}]
    numbers = [f"+1415555{n:04d}" for n in range(2000)]
    chosen = [decision(when, facts=call(caller_number=number)).name for number in numbers[:400]]
    assert chosen == [decision(when, facts=call(caller_number=number)).name for number in numbers[:400]]
    assert 80 < chosen.count("0") < 160


def test_a_schedule_of_the_document_can_be_asked() -> None:
    """Open, closed and holiday are three answers."""
    schedules = {
        "office": {
            "time_zone": "America/New_York",
            "weekly": {"mon-fri": ["09:00-17:00"]},
            "holidays": {"country": "US"},
        }
    }
    conditions = [
        [{"test": "schedule", "schedule": "office", "is": state}] for state in ("open", "closed", "holiday")
    ]
    for now, expected in (
        (MONDAY_NOON, "0"),
        (datetime(2026, 1, 5, 3, tzinfo=UTC), "1"),
        (datetime(2026, 12, 25, 17, tzinfo=UTC), "2"),
    ):
        assert decision(*conditions, facts=call(now=now), schedules=schedules).name == expected


@pytest.mark.parametrize(
    "action", ["back", "repeat", {"do": "balance"}, {"do": "check_pin", "correct": "hang_up"}]
)
def test_a_rule_has_no_menu_to_go_back_to(action: Any) -> None:
    """Actions that only make sense after a menu's question are refused."""
    document = load({"kind": "routing", "routes": {"default": {"otherwise": action}}})
    assert any("needs a menu to go back to" in each.message for each in lint(document))


def test_two_rules_of_one_name_are_refused() -> None:
    """An explanation must name one rule."""
    rule = {"name": "same", "then": HANG_UP}
    with pytest.raises(ValidationError, match="two rules are named 'same'"):
        load({"kind": "routing", "routes": {"default": {"rules": [rule, rule], "otherwise": HANG_UP}}})
