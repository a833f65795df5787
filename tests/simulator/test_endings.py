"""What KAZOO tells others at the end of a call."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from kazoo_simulator import (
    ACCOUNT_ID,
    Answer,
    Callee,
    InProcess,
    Scripted,
    Simulator,
    TransportError,
    Webhook,
)
from pivot_app.ledger import signature_of
from tests.simulator.conftest import WebServer, http
from tests.simulator.test_calls import node

HOOK = "http://pivot.example.test/call_ended?token=t"
OK = Answer(200, b"")
CDR = Path(__file__).parents[1] / "vectors" / "requests" / "post_cdr.json"


def hooked(target: Any, kazoo: Any = "4.3", **hook: Any) -> Simulator:
    """A KAZOO with a webhook on channel_destroy."""
    callees = {"u": Callee("answers", after_s=2, talk_s=8)}
    return Simulator(target, kazoo, path="/p", seed=5, callees=callees, webhook=Webhook(HOOK, **hook))


def told(target: Scripted) -> list[dict[str, Any]]:
    """Return the JSON bodies that were sent."""
    return [json.loads(request.body) for request in target.requests]


@pytest.mark.parametrize("body_format", ["form-data", "json"])
def test_the_webhook_of_an_answered_call(body_format: Any) -> None:
    """Seconds, causes, variables and ids, as a form or as JSON, with KAZOO's headers."""
    target = Scripted([OK])
    flow = node("set_variables", node("user", id="u"), custom_application_vars={"hold": "h1"})
    call = (
        hooked(target, format=body_format).call("+14155550123", "2000", flow=flow, user_ids=("owner",)).ends()
    )
    request = target.requests[-1]
    assert request.url == HOOK
    headers = dict(request.headers)
    assert headers["x-account-id"] == call.interpreter.config.account_id
    assert headers["x-hook-id"]
    if body_format == "json":
        payload = json.loads(request.body)
        assert payload["custom_application_vars"] == {"hold": "h1"}
    else:
        payload = dict(parse_qsl(request.body.decode()))
        assert payload["custom_application_vars[hold]"] == "h1"
    assert payload["hook_event"] == "channel_destroy"
    assert payload["call_id"] == call.call_id
    assert payload["other_leg_call_id"] == call.legs[1].call_id
    assert payload["owner_id"] == "owner"
    assert (str(payload["duration_seconds"]), str(payload["billing_seconds"])) == ("10", "8")
    assert payload["hangup_cause"] == "NORMAL_CLEARING"


def test_everything_a_webhook_says() -> None:
    """The whole payload of the caller's leg, so that nothing goes missing unnoticed."""
    target = Scripted([OK])
    kazoo = Simulator(
        target,
        path="/p",
        seed=5,
        began_at=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
        webhook=Webhook(HOOK, format="json", custom_data={"ours": "1"}),
    )
    flow = node("sleep", node("hangup"), duration=1001, unit="ms")
    call = kazoo.call(
        "+14155550123", "4155550199", flow=flow, name="Ada", sip_user="ada", sip_realm="ada.example.com"
    )
    call.ends()
    assert told(target) == [
        {
            "hook_event": "channel_destroy",
            "account_id": ACCOUNT_ID,
            "reseller_id": kazoo.config.reseller_id,
            "cluster_id": kazoo.config.cluster_id,
            "caller_id_name": "Ada",
            "caller_id_number": "+14155550123",
            "from": "ada@ada.example.com",
            "custom_application_vars": {},
            "emergency_resource_used": False,
            "local_resource_used": True,
            "is_internal_leg": False,
            "hangup_cause": "NORMAL_CLEARING",
            "hangup_code": "sip:200",
            "duration_seconds": 1,
            "billing_seconds": 0,
            "ringing_seconds": 1,
            "timestamp": 63939682801,
            "call_direction": "inbound",
            "call_id": call.call_id,
            "to": f"4155550199@{kazoo.config.realm}",
            "request": f"4155550199@{kazoo.config.realm}",
            "ours": "1",
        }
    ]


def test_a_withheld_caller_in_a_webhook() -> None:
    """Without name and number the placeholders of KAZOO are sent."""
    target = Scripted([OK])
    hooked(target, format="json").call("", flow=node("hangup")).ends()
    payload = json.loads(target.requests[0].body)
    assert (payload["caller_id_name"], payload["caller_id_number"]) == ("unknown", "anonymous")
    assert payload["from"].startswith("anonymous@")


def test_an_unanswered_call_is_not_billed() -> None:
    """Nobody answered: billing seconds are 0."""
    target = Scripted([OK])
    hooked(target, format="json").call(flow=node("user", id="nobody")).ends()
    phone, caller = told(target)
    assert (phone["billing_seconds"], phone["duration_seconds"], phone["hangup_cause"]) == (
        0,
        20,
        "NO_ANSWER",
    )
    assert "hangup_code" not in phone
    assert "other_leg_call_id" not in caller


def test_other_legs_and_duplicates() -> None:
    """Every leg is told, and everything twice, on request."""
    target = Scripted([OK])
    hooked(target, format="json", deliveries=2, twice_after_s=11).call(flow=node("user", id="u")).ends()
    directions = [payload["call_direction"] for payload in told(target)]
    assert directions == ["outbound", "inbound"] * 2
    assert told(target)[0]["other_leg_call_id"] == told(target)[1]["call_id"]
    assert told(target)[0]["billing_seconds"] == 8
    assert [request.body for request in target.requests[:2]] == [each.body for each in target.requests[2:]]


def test_put_and_get_webhooks() -> None:
    """A hook's verb is sent as it is: put with a body, get with everything in the query."""
    target = Scripted([OK])
    hooked(target, http_verb="put", format="json").call(flow=node("hangup")).ends()
    hooked(target, http_verb="get").call(flow=node("hangup")).ends()
    put, get = target.requests
    assert (put.method, json.loads(put.body)["hook_event"]) == ("PUT", "channel_destroy")
    assert (get.method, get.body) == ("GET", b"")
    assert get.url.startswith(f"{HOOK}&account_id=")


def test_six_failures_in_a_minute_disable_a_hook() -> None:
    """From then on nothing is sent, until somebody enables it again."""
    target = Scripted([Answer(500)] * 6 + [OK])
    kazoo = hooked(target, hook="all")
    kazoo.call(flow=node("user", id="u")).ends()
    kazoo.call(flow=node("user", id="u")).ends()
    assert len(target.requests) == 6
    ladder = kazoo.call(flow=node("hangup")).ends().ladder()
    assert "channel_destroy of a: hook disabled" in ladder
    kazoo.restores_webhooks().call(flow=node("hangup")).ends()
    assert len(target.requests) == 8


@pytest.mark.parametrize(
    ("answers", "attempts"),
    [([Answer(500)], 1), ([TransportError("refused", "x"), OK], 2), ([TransportError("reset", "x")], 2)],
)
def test_retries_only_without_a_connection(answers: Any, attempts: int) -> None:
    """A bad status is final; a failed connection is tried again: two attempts in all."""
    target = Scripted(answers)
    hooked(target).call(flow=node("hangup")).ends()
    assert len(target.requests) == attempts


def test_a_handler_in_process_gets_the_webhook() -> None:
    """The same target serves callbacks and webhooks."""
    seen: list[dict[str, Any]] = []

    def call_ended(event: dict[str, Any], context: Any) -> dict[str, Any]:
        seen.append(event)
        return {"statusCode": 200}

    hooked(InProcess({"/call_ended": call_ended})).call(flow=node("hangup")).ends()
    assert seen[0]["queryStringParameters"] == {"token": "t"}
    assert seen[0]["isBase64Encoded"] is True


def test_a_cdr_is_posted_when_the_caller_leaves_during_the_request() -> None:
    """cdr_url works only while the pivot process lives: here, because the caller did not wait."""
    target = Scripted(
        [Answer(200, b'{"module":"hangup"}', (("content-type", "application/json"),), took_ms=4000), OK]
    )
    kazoo = Simulator(target, path="/p")
    call = kazoo.call(flow=kazoo.pivot(cdr_url="http://pivot.example.test/cdr"))
    call.hangs_up(after_s=1.5).ends("ORIGINATOR_CANCEL", by="caller")
    cdr = target.requests[1]
    assert cdr.url == "http://pivot.example.test/cdr"
    fields = dict(parse_qsl(cdr.body.decode(), keep_blank_values=True))
    known = json.loads(CDR.read_text())["parsed_parameters"]
    assert {name.partition("[")[0] for name in fields} <= set(known)
    order = [name for name in known if name in fields]
    assert [name for name in fields if "[" not in name] == [name for name in order if "[" not in name]
    assert fields["Call-ID"] == call.call_id
    assert fields["Duration-Seconds"] == "2"


def test_a_normal_call_posts_no_cdr(server: WebServer) -> None:
    """With callflow JSON cdr_url does nothing."""
    server.answers = [http()]
    kazoo = Simulator(server.target, path="/p")
    kazoo.call(flow=kazoo.pivot(cdr_url="http://pivot.example.test/cdr")).hears("welcome").ends()
    assert len(server.requests) == 1


def test_a_signed_webhook_of_version_2() -> None:
    """KAZOO 5 signs the bytes of `data` as they stand in the body, control characters in capital letters."""
    target = Scripted([OK])
    kazoo = hooked(target, "5", format="json", version=2, hmac_key="k" * 32)
    call = kazoo.call(flow=node("user", id="u"), name="a\x1fb").ends()
    body = target.requests[-1].body.decode()
    payload = json.loads(body)
    signed = body[body.index('"data":') + 7 : body.rindex(',"hmac":"')]
    assert "\\u001F" in signed
    digest = hmac.digest(b"k" * 32, f"{payload['timestamp']}{signed}".encode(), "sha256")
    assert payload["hmac"] == base64.b64encode(digest).decode()
    assert payload["name"] == "CHANNEL_DESTROY"
    assert signature_of(target.requests[-1].body, "application/json", ["k" * 32]) == "right"
    assert signature_of(target.requests[-1].body, "application/json", ["other"]) == "wrong"
    assert (payload["data"]["call_id"], payload["data"]["billing_seconds"]) == (call.call_id, 8)


def test_version_2_rewrites_the_names_of_variables() -> None:
    """Small letters and underscores; a name that this breaks kills the hook, and nothing is sent."""
    target = Scripted([OK])
    kazoo = hooked(target, "5", format="json", version=2)
    flow = node("set_variables", node("hangup"), custom_application_vars={"Hold-ID": "h"})
    kazoo.call(flow=flow).ends()
    assert told(target)[0]["data"]["custom_application_vars"] == {"hold_id": "h"}
    broken = node("set_variables", node("hangup"), custom_application_vars={"café": "h"})
    call = kazoo.call(flow=broken).ends()
    assert len(target.requests) == 1
    assert "channel_destroy of a: lost" in call.ladder()
