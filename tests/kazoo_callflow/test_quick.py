"""The quick test accepts only what the full checks accept, with the same meaning for a caller."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kazoo_callflow import VERSIONS, BlockedHosts, KazooVersion, hangup, parse, tts, validate
from kazoo_callflow._quick import plain_parts, quick_tree
from kazoo_callflow._schemas import schemas_of
from kazoo_callflow._validate import check_tree
from kazoo_callflow._validator import ValidationRun

from .strategies import modules, nodes, spoiled

VECTORS = Path(__file__).parents[1] / "vectors"
ODD: list[Any] = [
    *("", "\ud800", "é" * 2, "x" * 2000, "+", "post", "POST", "https://a.example", "http://localhost", "\n"),
    *(None, True, False, 0, 1, -1, 1.0, 10**30, float("nan"), [], ["1"], ["1", "1"], ["x", 1], {}, {"a": 1}),
]


def quickly(document: Any, kazoo: KazooVersion) -> bool:
    """The verdict of the quick test alone."""
    return quick_tree([document], plain_parts, schemas_of(kazoo).quick)


def fully(document: Any, kazoo: KazooVersion) -> bool:
    """The verdict of the full checks alone."""
    run = ValidationRun()
    check_tree([(document, None)], schemas_of(kazoo), run)
    return not run.problems


@pytest.mark.parametrize("kazoo", VERSIONS)
def test_it_never_accepts_what_kazoo_rejects(kazoo: KazooVersion) -> None:
    """All flows judged by KAZOO's own code: a quick yes is KAZOO's, and most good flows get one."""
    verdicts: dict[str, list[bool]] = {"accepted": [], "rejected": []}
    for line in (VECTORS / f"flows-{kazoo}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        verdicts["accepted" if row["verdict"] == "accepted" else "rejected"].append(
            quickly(row["flow"], kazoo)
        )
    assert not any(verdicts["rejected"])
    assert any(verdicts["accepted"])


@given(st.data())
def test_it_agrees_with_the_full_checks_on_any_data(data: st.DataObject) -> None:
    """Good data with a value replaced, added or taken away, for every module of both versions."""
    kazoo = data.draw(st.sampled_from(VERSIONS))
    module, values = data.draw(nodes(kazoo))
    known = schemas_of(kazoo)
    rules = known.modules[module].get("fields", {})
    fields = sorted(rules) or ["text"]
    for field in data.draw(st.lists(st.sampled_from([*fields, "unheard_of"]), max_size=2)):
        bad = spoiled(rules[field], known) if "type" in rules.get(field, {}) else []
        values[field] = data.draw(st.sampled_from([*ODD, *bad]))
    for field in data.draw(st.lists(st.sampled_from(fields), max_size=1)):
        values.pop(field, None)
    document = {"module": module, "data": values}
    if quickly(document, kazoo):
        assert fully(document, kazoo)
        assert json.dumps(document, allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize("kazoo", VERSIONS)
def test_every_plain_field_of_every_module_refuses_odd_values(kazoo: KazooVersion) -> None:
    """Each field on its own, with each odd value: the quick test says yes to no more than the full checks."""
    known = schemas_of(kazoo)
    for module in modules(kazoo):
        check = known.check(module)
        assert check is not None
        for field in known.modules[module].get("fields", {}):
            for value in ODD:
                if known.quick(module)({field: value}):
                    run = ValidationRun()
                    check({field: value}, None, run)
                    assert not run.problems, (module, field, value)


def test_what_a_node_lacks_or_has_beside_is_left_to_the_full_checks() -> None:
    """Data may be missing where nothing is required; a comment must be a JSON value."""
    for document in ({"module": "hangup"}, {"module": "hangup", "children": {}}):
        assert validate(document) == validate(parse(document)) == []
    for document in ({"module": "tts"}, {"module": "tts", "children": {}}):
        assert [problem.path for problem in validate(document)] == ["$.data.text"]
        assert [problem.path for problem in validate(parse(document))] == ["$.data.text"]
    assert validate({"module": "hangup", "data": {}, "comment": {1, 2}})
    assert validate({"module": "hangup", "data": {}, "children": {"_": {"module": "tts"}}})
    assert validate({"module": "hangup", "data": {}, "children": {1: {"module": "hangup", "data": {}}}})


def test_a_node_that_contains_itself_ends() -> None:
    """It is judged by the full checks, which know an end."""
    node: dict[str, Any] = {"module": "tts", "data": {"text": "x"}}
    node["children"] = {"_": node}
    assert not quickly(node, "5")


def test_black_lists_of_an_operator_are_asked() -> None:
    """The quick test knows KAZOO's own lists only."""
    document = {"module": "pivot", "data": {"voice_url": "https://10.1.1.1/x"}}
    assert not validate(document)
    assert validate(document, blocked=BlockedHosts(networks=("10.0.0.0/8",)))
    flow = tts("x") >> hangup()
    assert validate(flow, blocked=BlockedHosts()) == validate(flow) == []
