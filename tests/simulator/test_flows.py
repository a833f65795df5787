"""Every flow KAZOO accepts can be played, whatever its caller does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kazoo_callflow as callflow
from kazoo_simulator import Answer, Scripted, Simulator, TransportError, event_from_dict

VECTORS = Path(__file__).parents[1] / "vectors"
LIMIT_MS = 7 * 86_400_000
STEPS = 2000


def accepted(version: str) -> list[Any]:
    """The flows KAZOO's own validator accepted."""
    lines = (VECTORS / f"flows-{version}.jsonl").read_text().splitlines()
    vectors = [json.loads(line) for line in lines]
    return [vector["flow"] for vector in vectors if vector["verdict"] == "accepted"]


@pytest.mark.parametrize("version", callflow.VERSIONS)
def test_every_accepted_flow_plays(version: Any) -> None:
    """No flow of the vectors makes the simulator stumble, and every event survives being written down."""
    flows = accepted(version)
    assert len(flows) > 300
    for flow in flows:
        target = Scripted([TransportError("refused", "nobody")])
        call = Simulator(target, version, seed=1).call(flow=flow)
        steps = 0
        while call.interpreter.step(LIMIT_MS) and steps < STEPS:
            steps += 1
        assert steps < STEPS, flow
        call.interpreter.hang_up()
        assert call.ended is not None
        for event in call.events:
            assert event_from_dict(json.loads(json.dumps(event.to_dict()))) == event
        assert call.ladder()


FLOWS = {version: accepted(version) for version in callflow.VERSIONS}
ACTIONS = st.one_of(
    st.sampled_from("0123456789*#").map(lambda key: ("press", key)),
    st.sampled_from(["answers", "answers:3", "busy", "rejects", "no_answer", "unreachable", "hangs_up"]).map(
        lambda news: ("leg", news)
    ),
    st.integers(0, 30_000).map(lambda ms: ("advance", ms)),
)
ANSWERS = st.one_of(
    st.binary(max_size=40).map(lambda body: Answer(200, body, (("content-type", "application/json"),))),
    st.sampled_from([200, 201, 206, 302, 404, 500, 503, 600]).map(lambda status: Answer(status, b"{}")),
    st.integers(0, 9000).map(lambda ms: Answer(200, b'{"module":"hangup"}', (), took_ms=ms)),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_callers_may_do_anything_at_any_time(data: st.DataObject) -> None:
    """Keys, phones and time in any order: the call goes on or ends, time never runs backwards."""
    version = data.draw(st.sampled_from(callflow.VERSIONS))
    flow = data.draw(st.sampled_from(FLOWS[version]))
    target = Scripted(data.draw(st.lists(ANSWERS, min_size=1, max_size=3)))
    call = Simulator(target, version, seed=1, bus_delay_ms=data.draw(st.sampled_from([0, 0, 11_000]))).call(
        flow=flow
    )
    for name, value in data.draw(st.lists(ACTIONS, max_size=12)):
        getattr(call.interpreter, name)(value)
    call.interpreter.hang_up()
    assert call.ended is not None
    times = [event.at_ms for event in call.events]
    assert times == sorted(times)
    assert sum(event.kind == "call_ended" for event in call.events) == 1
    session = call.session()
    assert session.replay().events == session.events
