"""A simulated KAZOO with a Crossbar: calls are channels, CDRs, webhooks and debug logs there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kazoo_simulator import Answer, Callee, Scripted
from kazoo_simulator.crossbar import CrossbarKazoo, CrossbarServer, httpx_client
from pivot_app.crossbar import Crossbar
from tests.crossbar.conftest import NUMBER, Client, pivot_flow

JSON = (("content-type", "application/json"),)
RING = {"module": "device", "data": {"id": "d" * 32}, "children": {}}


def answering(flow: dict[str, Any], **more: Any) -> Scripted:
    """A web server that answers every request, webhooks included, with one flow."""
    return Scripted(
        [Answer(200, json.dumps(flow).encode(), JSON)], public_url="https://p.example.net", **more
    )


def kazoo_of(client: Client, flow: dict[str, Any], **more: Any) -> CrossbarKazoo:
    """The account's KAZOO; its devices answer after two seconds and talk for half a minute."""
    client.create("callflows", {"name": "Main", "numbers": [NUMBER], "flow": pivot_flow(debug=True)})
    callees = {"d" * 32: Callee("answers", after_s=2, talk_s=30)}
    return CrossbarKazoo(client.cluster, client.account, answering(flow), callees=callees, seed=1, **more)


def test_a_call_runs_the_callflow_of_the_number(client: Client) -> None:
    """A call runs the callflow of the number."""
    kazoo = kazoo_of(client, {"module": "tts", "data": {"text": "Welcome"}, "children": {}})
    call = kazoo.call("+14155550100", "4155550199")
    call.hears("Welcome").ends()
    unknown = kazoo.call("+14155550100", "+14155550000")
    unknown.ends()


def test_a_call_is_a_channel_until_it_ends_and_a_cdr_for_each_leg_then(client: Client) -> None:
    """A call is a channel until it ends and a cdr for each leg then."""
    crossbar = Crossbar(
        "http://crossbar", client.account.api_key, client.account.id, client=httpx_client(client.cluster)
    )
    began_at = datetime.fromtimestamp(client.cluster.now(), UTC)
    kazoo = kazoo_of(client, RING, began_at=began_at)
    call = kazoo.call("+14155550100", NUMBER)
    call_id = call.interpreter.call_id
    assert [row["uuid"] for row in crossbar.channels()] == [call_id]
    assert crossbar.channel_state(call_id) == "up"
    assert crossbar.cdr(call_id, began_at) is None
    call.ends()
    assert crossbar.channels() == []
    cdr = crossbar.cdr(call_id, began_at)
    assert cdr is not None
    assert (cdr.billing_seconds > 0, cdr.direction) == (True, "inbound")
    assert cdr.started_at == began_at
    found = list(crossbar.cdrs(began_at - timedelta(minutes=1), began_at + timedelta(hours=1)))
    assert {each.call_id: each.billing_seconds for each in found}[call_id] == cdr.billing_seconds
    assert {each.direction for each in found} == {"inbound", "outbound"}
    assert {each.ended_at for each in found if each.call_id == call_id} == {cdr.ended_at}


def test_the_end_of_a_call_goes_to_the_account_s_webhooks(client: Client) -> None:
    """The end of a call goes to the account s webhooks."""
    kazoo = kazoo_of(client, RING)
    client.create(
        "webhooks",
        {"name": "e", "hook": "channel_destroy", "uri": "https://p.example.net/end", "format": "json"},
    )
    kazoo.call("+14155550100", NUMBER).ends()
    assert isinstance(kazoo.target, Scripted)
    ends = [json.loads(each.body) for each in kazoo.target.requests if each.url.endswith("/end")]
    assert [each["call_direction"] for each in ends] == ["outbound", "inbound"]
    assert all(each["billing_seconds"] > 0 for each in ends)


def test_a_pivot_node_with_debug_leaves_a_log(client: Client) -> None:
    """A pivot node with debug leaves a log."""
    kazoo = kazoo_of(client, {"module": "tts", "data": {"text": "Welcome"}, "children": {}})
    call = kazoo.call("+14155550100", NUMBER)
    call.ends()
    crossbar = Crossbar(
        "http://crossbar", client.account.api_key, client.account.id, client=httpx_client(client.cluster)
    )
    (row,) = crossbar.pivot_debug()
    assert (row["call_id"], row["status_code"]) == (call.interpreter.call_id, "200")
    asked, answered = crossbar.pivot_debug_of(str(row["debug_id"]))
    assert asked["uri"].startswith("https://p.example.net/voice")
    assert "Welcome" in answered["resp_body"]


def test_a_call_is_hung_up_through_crossbar(client: Client) -> None:
    """A call is hung up through crossbar."""
    kazoo = kazoo_of(client, {"module": "sleep", "data": {"duration": 600}, "children": {}})
    call = kazoo.call("+14155550100", NUMBER)
    while call.interpreter.now_ms < 1000 and call.interpreter.step(1000):
        pass
    crossbar = Crossbar(
        "http://crossbar", client.account.api_key, client.account.id, client=httpx_client(client.cluster)
    )
    assert crossbar.hang_up(call.interpreter.call_id) is True
    assert call.interpreter.ended
    assert crossbar.channels() == []


@pytest.mark.parametrize("version", ["4.3", "5"])
def test_a_client_reads_long_lists_over_the_wire(client_of: Callable[..., Client], version: str) -> None:
    """A client reads long lists over the wire."""
    client = client_of(version)
    client.cluster.sleep = lambda _: None
    began_at = datetime.fromtimestamp(client.cluster.now(), UTC)
    kazoo = kazoo_of(client, RING, began_at=began_at)
    for _ in range(120):
        kazoo.call("+14155550100", NUMBER).ends()
    with (
        CrossbarServer(client.cluster) as server,
        Crossbar(server.url, client.account.api_key, client.account.id) as crossbar,
    ):
        assert crossbar.version == version
        found = list(crossbar.cdrs(began_at, began_at + timedelta(hours=1)))
        assert len(found) == 240
        assert len(crossbar.callflows.rows()) == 1
        assert crossbar.callflows.get(str(crossbar.callflows.rows()[0]["id"])).etag.startswith('"')
