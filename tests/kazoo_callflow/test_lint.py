"""What KAZOO accepts and a caller regrets is said."""

from __future__ import annotations

from typing import Any

import pytest

import kazoo_callflow as callflow
from kazoo_callflow import KazooVersion, lint, validate

ID = "a" * 32
CASES: list[tuple[dict[str, Any], KazooVersion, str, str]] = [
    ({"module": "pivot", "data": {"voice_url": "https://x.example"}}, "5", "pivot-fallback", "$.children"),
    ({"module": "resources"}, "4.3", "failure-branch", "$.children"),
    ({"module": "offnet", "children": {"_": {"module": "hangup"}}}, "5", "failure-branch", "$.children"),
    ({"module": "offnet", "children": {"_": {"module": "hangup"}}}, "5", "unreachable", "$.children._"),
    ({"module": "device", "data": {"id": "d"}}, "5", "device-timeout", "$.data.timeout"),
    (
        {"module": "conference", "data": {"config": {"name": "x"}}},
        "5",
        "muted",
        "$.data.config.member.join_muted",
    ),
    ({"module": "collect_dtmf", "data": {"terminators": []}}, "5", "crash", "$.data.terminators"),
    (
        {"module": "collect_dtmf", "children": {"1": {"module": "hangup"}}},
        "5",
        "unreachable",
        '$.children["1"]',
    ),
    ({"module": "hangup", "children": {"_": {"module": "play"}}}, "5", "unreachable", "$.children._"),
    ({"module": "disa", "data": {"pin": "1", "max_digits": "15"}}, "4.3", "crash", "$.data.max_digits"),
    ({"module": "disa", "children": {"a b": {"module": "play"}}}, "5", "unreachable", '$.children["a b"]'),
    ({"module": "disa"}, "5", "open-line", "$.data.pin"),
    (
        {"module": "send_dtmf", "data": {"digits": "1", "duration_ms": "2s"}},
        "5",
        "crash",
        "$.data.duration_ms",
    ),
    ({"module": "acdc_wait_time", "children": {"soon": {"module": "play"}}}, "5", "crash", "$.children.soon"),
    ({"module": "audio_macro.say"}, "5", "no-such-module", "$.module"),
    (
        {"module": "audio_macro", "data": {"macros": [{"macro": "tone"}]}},
        "4.3",
        "no-effect",
        "$.data.macros[0]",
    ),
    ({"module": "callflow", "data": {"flow": {"module": "play"}}}, "4.3", "no-effect", "$.data.id"),
    (
        {"module": "set_variables", "data": {"custom_application_vars": {"a": 1}}},
        "5",
        "not-a-string",
        "$.data.custom_application_vars.a",
    ),
]


@pytest.mark.parametrize(("document", "kazoo", "rule", "path"), CASES)
def test_what_a_caller_regrets_is_found(document: Any, kazoo: KazooVersion, rule: str, path: str) -> None:
    """KAZOO accepts the flow; lint names the rule, the place and the reason."""
    assert validate(document, kazoo) == []
    assert (rule, path) in {(problem.rule, problem.path) for problem in lint(document, kazoo)}


def test_twenty_quick_nodes_in_a_row_are_found_once() -> None:
    """A chain of silent modules that empties KAZOO's bucket is reported where it does."""
    quick = callflow.sequence(*[callflow.set_cid("1")] * 25)
    assert [problem.rule for problem in lint(quick)] == ["burst"]
    assert callflow.measure(quick).longest_burst == 25
    broken_up = callflow.sequence(
        *[callflow.set_cid("1")] * 15, callflow.sleep(2), *[callflow.set_cid("1")] * 15
    )
    assert lint(broken_up) == []
    skipped = callflow.sequence(*[callflow.tts("x", skip_module=True)] * 20)
    assert [problem.rule for problem in lint(skipped)] == ["burst"]


def test_a_good_flow_has_nothing_to_regret() -> None:
    """The recipes pass their own lint."""
    bye = callflow.tts("Good-bye.") >> callflow.hangup()
    flow = callflow.prompt_and_collect("Your PIN?", "pin", max_digits=4) >> callflow.pivot_or(
        "https://x.example", bye
    )
    for kazoo in callflow.VERSIONS:
        assert lint(flow, kazoo) == []
        assert lint(callflow.ring(callflow.resources("+14155550100"), otherwise=bye), kazoo) == []


def test_a_skipped_node_is_not_judged_for_what_it_does() -> None:
    """skip_module means the module never runs: only its wildcard child matters."""
    assert lint({"module": "device", "data": {"skip_module": True}}) == []


def test_what_is_no_flow_is_passed_over() -> None:
    """Linting is about accepted flows: other shapes are left to validate."""
    assert lint([]) == lint({"module": 5}) == lint({"module": "nope", "children": 3}) == []
