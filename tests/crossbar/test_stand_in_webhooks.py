"""Webhooks of the stand-in: delivery, switching off, switching on, as KAZOO does it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kazoo_simulator._request import HttpRequest
from kazoo_simulator._transport import Answer, TransportError
from kazoo_simulator.crossbar import fire
from tests.crossbar.conftest import URL, Client, Clock

PAYLOAD = {"hook_event": "channel_destroy", "account_id": "a", "call_id": "c", "billing_seconds": 5}


class Receiver:
    """Answers deliveries with a status, or not at all."""

    def __init__(self, status: int | None = 200) -> None:
        self.status = status
        self.requests: list[HttpRequest] = []

    def __call__(self, request: HttpRequest, timeout_ms: int) -> Answer:
        self.requests.append(request)
        if self.status is None:
            raise TransportError("refused", "refused")
        return Answer(self.status)


def hooked(client: Client, **data: Any) -> dict[str, Any]:
    """Create a webhook on the end of calls."""
    given = {"name": "end", "hook": "channel_destroy", "uri": "https://p.example.net/e?t=T", "format": "json"}
    return client.create("webhooks", given | data)


@pytest.mark.parametrize(
    ("status", "attempts"), [(200, 0), (204, 1), (202, 1), (404, 1), (500, 1), (None, 3)]
)
def test_only_200_is_success_and_only_connections_are_retried(
    client: Client, status: int | None, attempts: int
) -> None:
    """Only 200 is success and only connections are retried."""
    hook = hooked(client, retries=3, custom_data={"deployment": "dev"})
    receiver = Receiver(status)
    assert fire(client.cluster, client.account.id, PAYLOAD, receiver) == (status == 200)
    assert len(receiver.requests) == max(attempts, 1)
    assert json.loads(receiver.requests[0].body)["deployment"] == "dev"
    assert len(client.ask("GET", f"webhooks/{hook['id']}/attempts").json()["data"]) == attempts


def test_six_failures_within_a_minute_switch_a_webhook_off(client: Client, clock: Clock) -> None:
    """Six failures within a minute switch a webhook off."""
    hook = hooked(client)
    receiver = Receiver(500)
    for _ in range(5):
        fire(client.cluster, client.account.id, PAYLOAD, receiver)
    clock.seconds += 61
    fire(client.cluster, client.account.id, PAYLOAD, receiver)
    assert client.ask("GET", "webhooks").json()["data"][0]["enabled"] is True
    for _ in range(5):
        fire(client.cluster, client.account.id, PAYLOAD, receiver)
    (row,) = client.ask("GET", "webhooks").json()["data"]
    assert (row["enabled"], row["disable_reason"]) == (False, "too many failed attempts")
    one = client.ask("GET", f"webhooks/{hook['id']}").json()
    assert "disable_reason" not in one["data"]
    if client.cluster.version == "5":
        assert one["metadata"]["disable_reason"] == "too many failed attempts"
    receiver.status = 200
    assert fire(client.cluster, client.account.id, PAYLOAD, receiver) == 0


def switched_off(client: Client) -> dict[str, Any]:
    """Create a webhook and let it fail until it is off."""
    hook = hooked(client)
    for _ in range(6):
        fire(client.cluster, client.account.id, PAYLOAD, Receiver(500))
    return hook


def test_re_enabling_switches_on_what_failures_switched_off(client: Client) -> None:
    """Re enabling switches on what failures switched off."""
    hook = switched_off(client)
    by_hand = client.create("webhooks", {"name": "n", "hook": "all", "uri": URL, "enabled": False})
    assert client.ask("PATCH", "webhooks", {}).status == 400
    client.cluster.switches.is_webhooks_app_down = True
    assert client.ask("PATCH", "webhooks", {"re-enable": True}).status == 500
    client.cluster.switches.is_webhooks_app_down = False
    assert client.ask("PATCH", "webhooks", {"re-enable": True}).status == 200
    rows = {row["id"]: row["enabled"] for row in client.ask("GET", "webhooks").json()["data"]}
    assert rows == {hook["id"]: True, by_hand["id"]: False}


def test_a_save_without_enabled_switches_on(client: Client) -> None:
    """A save without enabled switches on."""
    hook = switched_off(client)
    data = {key: value for key, value in hook.items() if key not in ("id", "enabled")}
    assert client.ask("POST", f"webhooks/{hook['id']}", data).json()["data"]["enabled"] is True
    assert "disable_reason" not in client.ask("GET", "webhooks").json()["data"][0]


def test_a_patch_leaves_a_stale_reason_behind_in_one_version(client: Client) -> None:
    """A patch leaves a stale reason behind in one version."""
    hook = switched_off(client)
    data = client.ask("PATCH", f"webhooks/{hook['id']}", {"enabled": True}).json()["data"]
    assert ("disable_reason" in data) == (client.cluster.version == "4.3")


def test_a_get_webhook_breaks_a_uri_with_a_query(client: Client) -> None:
    """A get webhook breaks a uri with a query."""
    hooked(client, http_verb="get")
    receiver = Receiver()
    fire(client.cluster, client.account.id, PAYLOAD, receiver)
    assert receiver.requests[0].url.count("?") == 2


def test_a_webhook_on_this_machine_or_an_unknown_event_is_refused(client: Client) -> None:
    """A webhook on this machine or an unknown event is refused."""
    data = {"name": "n", "hook": "channel_x", "uri": "http://127.0.0.1/x"}
    faults = client.ask("PUT", "webhooks", data).json()["data"]
    assert "enum" in faults["hook"]
    assert "error" in faults["uri"]
