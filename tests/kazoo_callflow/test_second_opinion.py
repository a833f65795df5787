"""The validator and KAZOO's own schema files, judged by another library, agree on flows that nobody wrote."""

from __future__ import annotations

import copy
import json
import os
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kazoo_callflow import KazooVersion, validate
from kazoo_callflow._schemas import schemas_of

from .second_opinion import SecondOpinion
from .strategies import JSON, spoiled
from .test_generated import schemas_at_hand
from .test_verdicts import rows

ODD: list[Any] = [
    None, True, 0, -1, 5, 4.0, 1.5, 2**63, 2**70, "", "a", "\n", "é" * 35, "x" * 32, "x" * 33, "x" * 65,
    "日" * 1000, "日" * 1001, "a@b", "@", "en", "en-US", "en_US", "\u0661", "#", "get", "Get", "auto",
    [], {}, [[]], [{}], ["a", "a"], [None], {"": 1}, {"x-a": 1}, {"|-a": 1}, {"module": "play"},
    [{"macro": "tts"}], [{"macro": "tts", "text": "x"}], [{"module": "play"}],
]  # fmt: skip
Place = tuple[str | int, ...]


@cache
def opinion(kazoo: KazooVersion) -> SecondOpinion:
    """Read one version's schema files, or skip where they are not available."""
    return SecondOpinion(schemas_at_hand() / kazoo)


def places(value: Any, here: Place = ()) -> list[Place]:
    """List every place below a value, itself included."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, inner in below for place in places(inner, (*here, key)))]


def spoil(draw: st.DrawFn, flow: Any, kazoo: KazooVersion) -> None:
    """Change one thing: another value, a missing or an added key, the flow inside itself."""
    place = draw(st.sampled_from(places(flow)[1:] or [()]))
    if not place:
        return
    parent = flow
    for key in place[:-1]:
        parent = parent[key]
    how = draw(st.sampled_from(["odd", "any", "bound", "gone", "added", "moved"]))
    last = place[-1]
    if how == "gone":
        del parent[last]
    elif how == "bound" and isinstance(last, str):
        rules = [
            rule
            for module in schemas_of(kazoo).modules.values()
            for rule in [module.get("fields", {}).get(last)]
            if rule
        ]
        bad = [value for rule in rules for value in spoiled(rule, schemas_of(kazoo))]
        parent[last] = copy.deepcopy(draw(st.sampled_from(bad or ODD)))
    elif how == "added" and isinstance(parent, dict):
        name = draw(
            st.sampled_from(
                ["data", "children", "module", "_", "", "\n", "skip_module", "id", "timeout", "action"]
            )
        )
        parent[name] = copy.deepcopy(draw(st.sampled_from(ODD)))
    elif how == "moved":
        parent[last] = copy.deepcopy(flow)
    else:
        parent[last] = draw(JSON) if how == "any" else copy.deepcopy(draw(st.sampled_from(ODD)))


@pytest.mark.parametrize("kazoo", ["4.3", "5"])
@given(data=st.data())
@settings(max_examples=int(os.environ.get("SECOND_OPINIONS", "150")), deadline=None)
def test_two_validators_agree(kazoo: KazooVersion, data: st.DataObject) -> None:
    """Flows of the vectors with one to three mistakes: the same verdict from both."""
    other = opinion(kazoo)

    @st.composite
    def changed(draw: st.DrawFn) -> Any:
        flow = copy.deepcopy(draw(st.sampled_from(rows(kazoo)))["flow"])
        for _ in range(draw(st.integers(0, 3))):
            spoil(draw, flow, kazoo)
        return flow

    flow = data.draw(changed())
    # A module called `action` has a schema, and KAZOO looks a second time at the module named inside it.
    if '"action"' in json.dumps(flow).replace('"action":', ""):
        return
    assert (validate(flow, kazoo, urls=False) == []) == other.accepts(flow), flow


@pytest.mark.parametrize("kazoo", ["4.3", "5"])
def test_the_second_opinion_is_kazoos(kazoo: KazooVersion) -> None:
    """It agrees with KAZOO on every vector but those refused for their URL alone."""
    other = opinion(kazoo)
    for row in rows(kazoo):
        refused_for_a_url = validate(row["flow"], kazoo) and not validate(row["flow"], kazoo, urls=False)
        assert other.accepts(row["flow"]) == (row["verdict"] == "accepted") or refused_for_a_url, row
