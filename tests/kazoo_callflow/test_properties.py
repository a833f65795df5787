"""The builder and the validator agree with each other, whatever is built."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kazoo_callflow import (
    VERSIONS,
    BuildError,
    KazooVersion,
    building_for,
    defaults,
    lint,
    loads,
    node,
    parse,
    validate,
)
from kazoo_callflow._schemas import schemas_of
from tests.kazoo_callflow import strategies as ours

KAZOO = pytest.mark.parametrize("kazoo", VERSIONS)
RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@KAZOO
@RELAXED
@given(data=st.data())
def test_what_the_builder_expresses_kazoo_accepts(kazoo: KazooVersion, data: st.DataObject) -> None:
    """Any tree built for a version is accepted by that version."""
    flow = data.draw(ours.flows(kazoo))
    assert validate(flow, kazoo) == []
    assert validate(loads(flow.to_json()), kazoo) == []
    assert kazoo in flow.versions


@KAZOO
@RELAXED
@given(data=st.data())
def test_round_trips_are_exact(kazoo: KazooVersion, data: st.DataObject) -> None:
    """A flow, its document and its bytes are the same thing."""
    flow = data.draw(ours.flows(kazoo))
    assert parse(flow.to_dict()) == flow
    assert parse(loads(flow.to_json())).to_json() == flow.to_json()
    assert json.loads(flow.to_json()) == flow.to_dict()


@KAZOO
@RELAXED
@given(data=st.data())
def test_what_the_schema_forbids_both_refuse(kazoo: KazooVersion, data: st.DataObject) -> None:
    """Spoil one field of good data: the builder raises, and validate has a problem with it."""
    module, good = data.draw(ours.nodes(kazoo))
    known = schemas_of(kazoo)
    fields = known.modules[module].get("fields", {})
    key = data.draw(st.sampled_from(sorted(fields)))
    bad: dict[str, Any] = {**good, key: data.draw(st.sampled_from(ours.spoiled(fields[key], known)))}
    assert validate({"module": module, "data": bad}, kazoo) != []
    with building_for(kazoo), pytest.raises(BuildError, match=module):
        node(module, bad)


@KAZOO
def test_a_missing_required_key_both_refuse(kazoo: KazooVersion) -> None:
    """Every key a module requires, and has no default for, is missed by both."""
    known = schemas_of(kazoo)
    for module in ours.modules(kazoo):
        if validate({"module": module, "data": {}}, kazoo):
            with building_for(kazoo), pytest.raises(BuildError, match=module):
                node(module)
        else:
            with building_for(kazoo):
                node(module)
    assert {module for module in ours.modules(kazoo) if known.modules[module].get("required")}


@KAZOO
@RELAXED
@given(data=st.data())
def test_unknown_keys_kazoo_takes_and_the_builder_does_not(kazoo: KazooVersion, data: st.DataObject) -> None:
    """KAZOO ignores a key it does not know; a builder takes it for the typing error it is."""
    module, good = data.draw(ours.nodes(kazoo))
    assert validate({"module": module, "data": {**good, "no_such_key": 1}}, kazoo) == []
    with building_for(kazoo), pytest.raises(BuildError, match="no_such_key"):
        node(module, {**good, "no_such_key": 1})


@KAZOO
@RELAXED
@given(data=st.data())
def test_defaults_are_stable_and_keep_what_is_there(kazoo: KazooVersion, data: st.DataObject) -> None:
    """Filling defaults keeps every given value, keeps the flow acceptable, and leaves nothing to fill."""
    flow = data.draw(ours.flows(kazoo))
    filled = defaults(flow, kazoo)
    assert validate(filled, kazoo) == []
    assert defaults(filled, kazoo) == filled
    for key, value in flow.data.items():
        if not isinstance(value, str | int | float | bool):
            continue
        assert filled["data"][key] == value


@KAZOO
@settings(max_examples=200, deadline=None)
@given(
    document=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["module", "data", "children", "_", "flow", "", "\n"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_crashes(kazoo: KazooVersion, document: Any) -> None:
    """Any JSON-like value gets problems or none, and can be linted and filled."""
    problems = validate(document, kazoo)
    assert all(problem.path.startswith("$") and problem.message.endswith(".") for problem in problems)
    lint(document, kazoo)
    defaults(document, kazoo)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_json_or_an_error_of_ours(text: str) -> None:
    """The parser agrees with Python's own on what is JSON, except where KAZOO is stricter."""
    from kazoo_callflow import NotJsonError

    try:
        value = loads(text)
    except NotJsonError:
        return
    assert json.loads(text) == value
