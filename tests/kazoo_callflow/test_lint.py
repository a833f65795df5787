"""What KAZOO accepts and a caller regrets is said."""

from __future__ import annotations

from typing import Any

import pytest

import kazoo_callflow as callflow
from kazoo_callflow import KazooVersion, lint, validate

ID = "a" * 32


def pivot(data: dict[str, Any]) -> dict[str, Any]:
    """Write a pivot node with a fallback."""
    data = {"voice_url": "https://x.example", **data}
    return {"module": "pivot", "data": data, "children": {"_": {"module": "hangup"}}}


def variables(values: dict[str, Any], following: dict[str, Any] | None = None) -> dict[str, Any]:
    """Write a set_variables node."""
    children = {} if following is None else {"_": following}
    return {"module": "set_variables", "data": {"custom_application_vars": values}, "children": children}


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
    (pivot({"voice_url": "https://u:p@x.example/"}), "5", "url-user", "$.data.voice_url"),
    (pivot({"voice_url": "https://x.example/" + "a" * 6000}), "5", "url-length", "$.data.voice_url"),
    ({"module": "webhook", "data": {"uri": "https://u:p@x.example"}}, "4.3", "url-user", "$.data.uri"),
    (pivot({"custom_request_headers": {"X-A": "b"}}), "4.3", "no-effect", "$.data.custom_request_headers"),
    (
        pivot({"custom_request_headers": {"Accept": "b"}}),
        "5",
        "header-name",
        "$.data.custom_request_headers.Accept",
    ),
    (pivot({"req_timeout": 3000}), "4.3", "unknown-key", "$.data.req_timeout"),
    (pivot({"req_timeout_ms": 50}), "4.3", "timeout", "$.data.req_timeout_ms"),
    (pivot({"debug": True}), "5", "debug", "$.data.debug"),
    ({"module": "user", "data": {"id": "u", "timout": 5}}, "5", "unknown-key", "$.data.timout"),
    ({"module": "play", "data": {"id": "m", "children": {}}}, "5", "unknown-key", "$.data.children"),
    ({"module": "hangup", "childs": {}}, "5", "unknown-key", "$.childs"),
    (
        {"module": "conference", "data": {"config": {"name": "x", "member": {"join_mutted": False}}}},
        "5",
        "unknown-key",
        "$.data.config.member.join_mutted",
    ),
    (
        {"module": "record_call", "children": {"_": {"module": "voicemail", "data": {"id": ID}}}},
        "5",
        "recording",
        "$.children._.module",
    ),
    (
        {"module": "record_caller", "data": {"url": "https://x.example"}},
        "4.3",
        "no-upload",
        "$.data.url",
    ),
    (
        variables({"a": "b"}, pivot({})),
        "4.3",
        "state-lost",
        "$.children._.data.voice_url",
    ),
    (variables({"Account-ID": "b"}), "4.3", "reserved", '$.data.custom_application_vars["Account-ID"]'),
    (variables({"café": "b"}), "5", "variable-name", '$.data.custom_application_vars["café"]'),
    (variables({"a+b": "b"}), "5", "variable-name", '$.data.custom_application_vars["a+b"]'),
    (
        variables({"a": "b"}, {"module": "branch_variable", "data": {"variable": "a"}}),
        "5",
        "no-effect",
        "$.children._.data.variable",
    ),
    ({"module": "set_variable", "data": {"variable": "mine"}}, "5", "no-effect", "$.data.variable"),
    ({"module": "play"}, "5", "no-effect", "$.data.id"),
    ({"module": "lookupcidname", "data": {"lists": ["x"]}}, "4.3", "no-effect", "$.module"),
    ({"module": "acdc_member", "data": {"id": "x"}}, "5", "no-such-module", "$.module"),
    ({"module": "group", "data": {"id": "x", "endpoints": ["y"]}}, "5", "crash", "$.data.endpoints"),
    (
        {"module": "callflow", "data": {"flow": {"module": "device", "data": {"id": "d"}}}},
        "5",
        "device-timeout",
        "$.data.flow.data.timeout",
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


def test_a_big_flow_and_a_deep_one_are_found() -> None:
    """Bytes and depth count, wherever they come from."""
    big = callflow.sequence(*[callflow.tts("x" * 1000)] * 1000)
    assert {problem.rule for problem in lint(big)} == {"bytes", "depth"}
    assert lint(callflow.sequence(*[callflow.tts("x")] * 400)) == []


def test_a_recording_that_was_stopped_is_not_in_the_mailbox() -> None:
    """Only a recording that still runs is recorded twice."""
    box = callflow.voicemail(ID)
    stopped = callflow.record_call(action="start") >> callflow.record_call(action="stop") >> box
    assert lint(stopped) == []


def test_repeated_keys_are_found() -> None:
    """KAZOO reads the first copy, and a reader of the document another."""
    document = callflow.loads('{"module":"play","data":{"id":"a","id":"b"}}')
    assert [problem.rule for problem in lint(document)] == ["repeated-key"]


def test_a_whole_document_of_crossbar_is_recognised() -> None:
    """Its flow is judged, and a sentence says where the flow stands."""
    document = {"name": "x", "numbers": ["2000"], "flow": {"module": "device", "data": {"id": "d"}}}
    whole = callflow.as_document(document)
    assert whole is not None
    assert (whole.path, whole.flow["module"]) == ("$.flow", "device")
    assert [problem.rule for problem in lint(document)] == ["whole-document", "device-timeout"]
    (problem,) = validate(document)
    assert "a Pivot answer is that flow alone" in problem.message
    enveloped = callflow.as_document({"data": document, "status": "success"})
    assert enveloped is not None
    assert enveloped.path == "$.data.flow"
    for other in ({"module": "play", "flow": {}}, {"flow": "x"}, [], {"data": {"module": "x"}}):
        assert callflow.as_document(other) is None


def test_a_name_from_elsewhere_gets_its_module() -> None:
    """`say` of KAZOO's own documentation is no module: tts is."""
    (problem,) = validate({"module": "say", "data": {"text": "x"}})
    assert "Did you mean tts?" in problem.message


def test_later_copies_of_children_are_validated() -> None:
    """KAZOO reads the first copy of a repeated key, and validates the children of every copy."""
    good, bad = '{"_":{"module":"hangup"}}', '{"_":{"module":"nope"}}'
    first_bad = callflow.loads(f'{{"module":"play","children":{good},"children":{bad}}}')
    assert [problem.path for problem in validate(first_bad)] == ["$.children._.module"]
    branch = callflow.loads('{"module":"play","children":{"_":{"module":"hangup"},"_":{"module":"nope"}}}')
    assert [problem.path for problem in validate(branch)] == ["$.children._.module"]
    assert validate(callflow.loads('{"module":"play","module":"nope","data":{},"data":5}')) == []
    assert callflow.parse(first_bad).to_json() == f'{{"module":"play","children":{good}}}'.encode()
